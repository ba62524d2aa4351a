package org.piswarm.dockercoins.webui;

import java.math.BigDecimal;

import org.piswarm.dockercoins.webui.Counts.Sample;
import org.piswarm.dockercoins.webui.Counts.View;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Answers the live page, and programs. All answers come from memory. */
@RestController
class WebuiController {

	/**
	 * Allows this server's own files, and no script that a text in Redis might hold.
	 */
	private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
			+ "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

	private final Counts counts;

	WebuiController(Counts counts) {
		this.counts = counts;
	}

	@GetMapping(path = "/", produces = MediaType.TEXT_HTML_VALUE)
	ResponseEntity<Resource> page() {
		return ResponseEntity.ok()
			.header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
			.header("Cache-Control", "no-cache")
			.body(new ClassPathResource("page/index.html"));
	}

	/** The counts as in the original. */
	@GetMapping(path = "/json", produces = MediaType.APPLICATION_JSON_VALUE)
	Latest latest() {
		View view = this.counts.latest();
		if (view.redisFailure() != null) {
			throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, view.redisFailure());
		}
		Sample sample = view.samples().get(0);
		return new Latest(sample.coins(), sample.hashes(), BigDecimal.valueOf(sample.time(), 3));
	}

	/**
	 * What is new for a page.
	 * @param after the time of the last sample that it has
	 */
	@GetMapping(path = "/api/live", produces = MediaType.APPLICATION_JSON_VALUE)
	View live(@RequestParam(defaultValue = "-1") long after) {
		return this.counts.view(after);
	}

	/**
	 * The answer of {@code /json}.
	 *
	 * @param now when these were the counts, in seconds since 1970
	 */
	record Latest(long coins, long hashes, BigDecimal now) {

	}

}

package org.piswarm.consumer;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** The live page; {@link LiveController} keeps it alive. */
@RestController
class PageController {

	/** Nothing from elsewhere, and nothing that a number or a name could bring along. */
	private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
			+ "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

	private static final Resource PAGE = new ClassPathResource("page/index.html");

	private final Readings readings;

	PageController(Readings readings) {
		this.readings = readings;
	}

	/** The page for a browser, which says that it wants HTML; a few words for curl. */
	@GetMapping("/")
	ResponseEntity<?> index(@RequestHeader(name = HttpHeaders.ACCEPT, defaultValue = "") String accept) {
		ResponseEntity.BodyBuilder answer = ResponseEntity.ok()
			.header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
			.cacheControl(CacheControl.noCache());
		if (accept.contains(MediaType.TEXT_HTML_VALUE)) {
			return answer.contentType(MediaType.TEXT_HTML)
				.header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
				.header("X-Content-Type-Options", "nosniff")
				.header("Referrer-Policy", "no-referrer")
				.body(PAGE);
		}
		return answer.contentType(MediaType.TEXT_PLAIN).body(text());
	}

	private String text() {
		String latest = this.readings.latest()
			.map((aged) -> "Latest number: %d, received %d s ago from %s".formatted(aged.reading().number(),
					aged.age().toSeconds(), aged.reading().replica()))
			.orElse("No number received yet");
		return latest + """


				/              the live page, in a browser
				/api/latest    the latest number and its age
				/api/stats     what was polled, received, retried
				/api/readings  each number as it arrives (server-sent events)
				/openapi.yml   all of this, for programs
				""";
	}

}

package org.piswarm.conference.attendees;

import java.util.UUID;

import org.piswarm.conference.attendees.AttendeesApplication.Settings;
import org.piswarm.conference.attendees.Freshness.View;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The live page. It answers from memory, so it works without the database. */
@RestController
class PageController {

	/** Allows this server's own files, and no script that a text might hold. */
	private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
			+ "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

	/**
	 * Each process counts its changes from 1. All replicas are behind one port, so a page
	 * may ask another one each time.
	 */
	private final String process = UUID.randomUUID().toString();

	private final Freshness freshness;

	private final Settings settings;

	PageController(Freshness freshness, Settings settings) {
		this.freshness = freshness;
		this.settings = settings;
	}

	@GetMapping(path = "/", produces = MediaType.TEXT_HTML_VALUE)
	ResponseEntity<Resource> page() {
		return ResponseEntity.ok()
			.header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
			.header("Cache-Control", "no-cache")
			.body(new ClassPathResource("page/index.html"));
	}

	/**
	 * What is new for a page.
	 * @param after the number of the last change that it has
	 * @param process the process that has counted so, empty for this one
	 */
	@GetMapping(path = "/api/live", produces = MediaType.APPLICATION_JSON_VALUE)
	Live live(@RequestParam(defaultValue = "0") String after, @RequestParam(defaultValue = "") String process) {
		long known = AttendeeController.number("after", after, 0, Long.MAX_VALUE);
		boolean same = process.isEmpty() || process.equals(this.process);
		return new Live(this.settings.isPush() ? "push" : "poll", this.settings.interval().toMillis(), this.process,
				this.freshness.view(same ? known : 0));
	}

	/**
	 * The answer.
	 *
	 * @param interval between polls, in milliseconds
	 * @param process an ID of the process that answers
	 */
	record Live(String sync, long interval, String process, View view) {

	}

}

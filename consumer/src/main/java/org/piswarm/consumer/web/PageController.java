package org.piswarm.consumer.web;

import org.piswarm.consumer.state.ReadingHistory;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Serves the live page, which {@link LiveController} keeps up to date. */
@RestController
class PageController {

	private static final Resource PAGE = new ClassPathResource("page/index.html");

	private final ReadingHistory readings;

	PageController(ReadingHistory readings) {
		this.readings = readings;
	}

	/** The page for browsers, which ask for HTML; a short text for curl. */
	@GetMapping("/")
	ResponseEntity<?> index(@RequestHeader(name = HttpHeaders.ACCEPT, defaultValue = "") String accept) {
		ResponseEntity.BodyBuilder answer = ResponseEntity.ok().header(HttpHeaders.VARY, HttpHeaders.ACCEPT);
		if (accept.contains(MediaType.TEXT_HTML_VALUE)) {
			return answer.contentType(MediaType.TEXT_HTML).eTag(StaticFiles.etag(PAGE)).body(PAGE);
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
				/api/stats     counts of polls, numbers, failures and retries
				/api/readings  the newest numbers; with "Accept: text/event-stream", each number as it arrives
				/openapi.yml   the description of all of this, for programs
				""";
	}

}

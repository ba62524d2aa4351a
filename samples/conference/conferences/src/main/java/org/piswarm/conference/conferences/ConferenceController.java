package org.piswarm.conference.conferences;

import java.net.URI;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The conferences over HTTP. */
@RestController
@RequestMapping("/conferences")
class ConferenceController {

	private final ConferenceStore store;

	private final OutboxPublisher publisher;

	ConferenceController(ConferenceStore store, OutboxPublisher publisher) {
		this.store = store;
		this.publisher = publisher;
	}

	/** All conferences, or 304 for a client that has them: then the list is not read. */
	@GetMapping
	ResponseEntity<List<Conference>> list(
			@RequestHeader(name = HttpHeaders.IF_NONE_MATCH, defaultValue = "") String known) {
		// Before the list: a change in between makes the list newer than its revision. In
		// the other order, a client would believe that it has the change.
		long revision = this.store.revision();
		String etag = "\"" + revision + "\"";
		ResponseEntity.BodyBuilder answer = ResponseEntity.ok();
		boolean same = Arrays.stream(known.split(",")).anyMatch((tag) -> tag.strip().replace("W/", "").equals(etag));
		if (same) {
			answer = ResponseEntity.status(HttpStatus.NOT_MODIFIED);
		}
		answer.eTag(etag).header("Revision", Long.toString(revision)).header(HttpHeaders.CACHE_CONTROL, "no-cache");
		return same ? answer.build() : answer.body(this.store.all());
	}

	@GetMapping("/{id}")
	ResponseEntity<Conference> get(@PathVariable String id) {
		return answer(this.store.get(id));
	}

	@PostMapping
	ResponseEntity<Conference> create(@RequestBody ConferenceRequest request) {
		Conference created = this.store.create(request.checked());
		this.publisher.wake();
		return ResponseEntity.created(URI.create(created.href())).eTag(created.etag()).body(created);
	}

	@PutMapping("/{id}")
	ResponseEntity<Conference> update(@PathVariable String id, @RequestBody ConferenceRequest request,
			@RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
		Conference updated = this.store.update(id, request.checked(), ifMatch);
		this.publisher.wake();
		return answer(updated);
	}

	@DeleteMapping("/{id}")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void delete(@PathVariable String id,
			@RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
		this.store.delete(id, ifMatch);
		this.publisher.wake();
	}

	private static ResponseEntity<Conference> answer(Conference conference) {
		return ResponseEntity.ok().eTag(conference.etag()).body(conference);
	}

}

package org.piswarm.conference.attendees;

import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;

/** A service conferences that does what a test wants. */
class FakeConferences implements AutoCloseable {

	private final MockWebServer server = new MockWebServer();

	private final Map<String, String> conferences = new LinkedHashMap<>();

	private long revision = 1000;

	private int lists;

	private int notModified;

	private volatile UnaryOperator<MockResponse> trouble = (answer) -> answer;

	FakeConferences() throws IOException {
		this.server.setDispatcher(new Dispatcher() {
			@Override
			public MockResponse dispatch(RecordedRequest request) {
				return FakeConferences.this.trouble.apply(answer(request));
			}
		});
		this.server.start();
	}

	String url() {
		return "http://127.0.0.1:" + this.server.getPort();
	}

	private synchronized MockResponse answer(RecordedRequest request) {
		MockResponse.Builder answer = new MockResponse.Builder().setHeader("ETag", "\"" + this.revision + "\"")
			.setHeader("Revision", this.revision);
		if (("\"" + this.revision + "\"").equals(request.getHeaders().get("If-None-Match"))) {
			this.notModified++;
			return answer.code(304).build();
		}
		this.lists++;
		return answer.setHeader("Content-Type", "application/json")
			.body("[" + String.join(",", this.conferences.values()) + "]")
			.build();
	}

	/**
	 * Creates or changes a conference.
	 * @return the event
	 */
	synchronized String set(String id, String name) {
		String json = json(id, name, ++this.revision, false);
		this.conferences.put(id, json);
		return json;
	}

	/**
	 * Deletes a conference.
	 * @return the event
	 */
	synchronized String delete(String id) {
		this.conferences.remove(id);
		return json(id, "deleted", ++this.revision, true);
	}

	synchronized long revision() {
		return this.revision;
	}

	private static String json(String id, String name, long version, boolean deleted) {
		return ("{\"href\":\"/conferences/%s\",\"name\":\"%s\",\"starts\":\"2027-03-14\",\"ends\":\"2027-03-15\","
				+ "\"description\":\"\",\"version\":%d,\"changed\":\"%s\",\"deleted\":%s,\"later\":{}}")
			.formatted(id, name, version, Instant.now(), deleted);
	}

	/** How many whole lists were sent. */
	synchronized int lists() {
		return this.lists;
	}

	synchronized int notModified() {
		return this.notModified;
	}

	/** What happens to each answer from now on. */
	void trouble(UnaryOperator<MockResponse> trouble) {
		this.trouble = trouble;
	}

	@Override
	public void close() {
		this.server.close();
	}

}

package org.piswarm.e2e;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import com.jayway.jsonpath.JsonPath;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.client.WebClient;

/** Reads a consumer's event stream and records when the consumer received each number. */
final class Feed implements AutoCloseable {

	private static final ParameterizedTypeReference<ServerSentEvent<String>> EVENT = new ParameterizedTypeReference<>() {
	};

	private final List<Instant> readings = new ArrayList<>();

	private @Nullable Throwable end;

	private final Disposable connection;

	private Feed(String url) {
		this.connection = WebClient.create()
			.get()
			.uri(url)
			// Without this header the consumer answers with a JSON list, and ends it.
			.accept(MediaType.TEXT_EVENT_STREAM)
			.retrieve()
			.bodyToFlux(EVENT)
			// A heartbeat is a comment and has no data.
			.mapNotNull(ServerSentEvent::data)
			.subscribe(this::add, this::ended, () -> ended(new IllegalStateException("the consumer closed it")));
	}

	static Feed of(Pi node) {
		return new Feed(node.consumerUrl("/api/readings"));
	}

	private synchronized void add(String reading) {
		this.readings.add(Instant.parse(JsonPath.read(reading, "$.receivedAt")));
	}

	private synchronized void ended(Throwable reason) {
		this.end = reason;
	}

	synchronized int size() {
		return this.readings.size();
	}

	/**
	 * The longest time between two numbers.
	 * @throws AssertionError if the stream has ended or has brought less than two numbers
	 */
	synchronized Duration longestGap() {
		if (this.end != null || this.readings.size() < 2) {
			throw new AssertionError("the stream brought " + this.readings.size() + " numbers", this.end);
		}
		Duration longest = Duration.ZERO;
		for (int i = 1; i < this.readings.size(); i++) {
			Duration gap = Duration.between(this.readings.get(i - 1), this.readings.get(i));
			longest = (gap.compareTo(longest) > 0) ? gap : longest;
		}
		return longest;
	}

	@Override
	public void close() {
		this.connection.dispose();
	}

}

package org.piswarm.e2e;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import com.jayway.jsonpath.JsonPath;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.netty.http.client.HttpClient;

/** Listens to a consumer's server-sent events, and notes when each number came. */
final class Feed implements AutoCloseable {

	private final List<Instant> readings = new ArrayList<>();

	/** What came of a line whose end has not come yet. */
	private final StringBuilder begun = new StringBuilder();

	private @Nullable Throwable end;

	private final Disposable connection;

	private Feed(String url) {
		this.connection = HttpClient.create()
			.get()
			.uri(url)
			.responseContent()
			.asString()
			.subscribe(this::add, this::ended, () -> ended(new IllegalStateException("closed by the consumer")));
	}

	static Feed of(Pi node) {
		return new Feed(node.consumerUrl("/api/readings"));
	}

	private synchronized void add(String text) {
		this.begun.append(text);
		for (int end = this.begun.indexOf("\n"); end >= 0; end = this.begun.indexOf("\n")) {
			String line = this.begun.substring(0, end);
			this.begun.delete(0, end + 1);
			if (line.startsWith("data:")) {
				this.readings.add(Instant.parse(JsonPath.read(line.substring(5), "$.receivedAt")));
			}
		}
	}

	private synchronized void ended(Throwable reason) {
		this.end = reason;
	}

	synchronized int size() {
		return this.readings.size();
	}

	/**
	 * The longest time between two numbers.
	 * @throws AssertionError if it can't be known, as the feed ended or brought too few
	 */
	synchronized Duration longestGap() {
		if (this.end != null || this.readings.size() < 2) {
			throw new AssertionError("a feed of " + this.readings.size() + " numbers", this.end);
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

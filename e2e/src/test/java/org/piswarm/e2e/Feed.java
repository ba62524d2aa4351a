package org.piswarm.e2e;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import com.jayway.jsonpath.JsonPath;
import reactor.core.Disposable;
import reactor.netty.http.client.HttpClient;

/** Listens to a consumer's server-sent events, and notes when each number came. */
final class Feed implements AutoCloseable {

	private final List<Instant> readings = new ArrayList<>();

	private final Disposable connection;

	private Feed(String url) {
		this.connection = HttpClient.create()
			.get()
			.uri(url)
			.responseContent()
			.asString()
			.subscribe(this::add, (failure) -> System.out.println("The feed ended: " + failure));
	}

	static Feed of(Pi node) {
		return new Feed(node.consumerUrl("/api/readings"));
	}

	private synchronized void add(String text) {
		text.lines()
			.filter((line) -> line.startsWith("data:"))
			.map((line) -> Instant.parse(JsonPath.read(line.substring(5), "$.receivedAt")))
			.forEach(this.readings::add);
	}

	synchronized int size() {
		return this.readings.size();
	}

	/** The longest time between two numbers, or since the last one. */
	synchronized Duration longestGap() {
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

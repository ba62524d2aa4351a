package org.piswarm.e2e;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import reactor.netty.http.client.HttpClient;

/**
 * Sends requests to the producers through the routing mesh. One client opens a new
 * connection for each request, to each node in turn, 200 ms after the answer before;
 * three clients keep their connection and wait 50 ms. No request is repeated.
 */
final class Load implements AutoCloseable {

	private static final int KEEPING_CONNECTIONS = 3;

	private final ScheduledExecutorService clients = Executors.newScheduledThreadPool(1 + KEEPING_CONNECTIONS);

	private final AtomicInteger turn = new AtomicInteger();

	private final List<Pi> nodes;

	private final List<String> failures = new ArrayList<>();

	private final Map<String, Integer> replicas = new TreeMap<>();

	private int requests;

	private Instant lastSuccess = Instant.now();

	private Duration longestGap = Duration.ZERO;

	private Load(List<Pi> nodes) {
		this.nodes = nodes;
		repeat(200, () -> Http.get(next().producerUrl()));
		for (int i = 0; i < KEEPING_CONNECTIONS; i++) {
			HttpClient client = Http.keepingConnections();
			Pi node = next();
			repeat(50, () -> Http.get(client, node.producerUrl()));
		}
	}

	static Load on(List<Pi> nodes) {
		return new Load(nodes);
	}

	private Pi next() {
		return this.nodes.get(this.turn.getAndIncrement() % this.nodes.size());
	}

	private void repeat(long pauseMillis, Supplier<Http.Answer> request) {
		this.clients.scheduleWithFixedDelay(() -> ask(request), 0, pauseMillis, TimeUnit.MILLISECONDS);
	}

	private void ask(Supplier<Http.Answer> request) {
		Instant start = Instant.now();
		try {
			Http.Answer answer = request.get();
			record(start, answer.isNumber() ? "" : answer.toString(), answer.replica());
		}
		catch (RuntimeException ex) {
			record(start, ex.toString(), "none");
		}
	}

	private synchronized void record(Instant start, String failure, String replica) {
		this.requests++;
		if (!failure.isEmpty()) {
			this.failures.add(start + " " + failure);
			return;
		}
		this.replicas.merge(replica, 1, Integer::sum);
		Duration gap = Duration.between(this.lastSuccess, Instant.now());
		this.longestGap = (gap.compareTo(this.longestGap) > 0) ? gap : this.longestGap;
		this.lastSuccess = Instant.now();
	}

	/** Stops the clients, waits for the answers to open requests, and sums up. */
	Outcome end() {
		close();
		synchronized (this) {
			return new Outcome(this.requests, List.copyOf(this.failures), this.longestGap, Map.copyOf(this.replicas));
		}
	}

	@Override
	public void close() {
		this.clients.shutdown();
		try {
			if (!this.clients.awaitTermination(30, TimeUnit.SECONDS)) {
				throw new AssertionError("a client did not end within 30 s");
			}
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * What all clients saw.
	 *
	 * @param failures time and reason of each request that brought no number
	 * @param longestGap the longest time in which no client received a number
	 * @param replicas how many numbers each replica served
	 */
	record Outcome(int requests, List<String> failures, Duration longestGap, Map<String, Integer> replicas) {

		String summary() {
			return "%d of %d requests failed, longest gap %.1f s".formatted(this.failures.size(), this.requests,
					this.longestGap.toMillis() / 1000.0);
		}

	}

}

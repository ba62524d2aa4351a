package org.piswarm.e2e;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import reactor.netty.http.client.HttpClient;

/**
 * Asks the producers through the routing mesh: every 200 ms through a new connection, by
 * turns on each node, and from three clients that keep theirs, 20 times a second each.
 * Nothing is tried twice.
 */
final class Load implements AutoCloseable {

	private static final int KEEPING_CONNECTIONS = 3;

	private final ExecutorService clients = Executors.newCachedThreadPool();

	private final AtomicInteger turn = new AtomicInteger();

	private final List<Pi> nodes;

	private final List<String> failures = new ArrayList<>();

	private final Map<String, Integer> replicas = new TreeMap<>();

	private int requests;

	private Instant lastSuccess = Instant.now();

	private Duration longestGap = Duration.ZERO;

	private volatile boolean running = true;

	private Load(List<Pi> nodes) {
		this.nodes = nodes;
		this.clients.execute(() -> repeat(Duration.ofMillis(200), () -> Http.get(next().producerUrl())));
		for (int i = 0; i < KEEPING_CONNECTIONS; i++) {
			HttpClient client = Http.keepingConnections();
			Pi node = next();
			this.clients.execute(() -> repeat(Duration.ofMillis(50), () -> Http.get(client, node.producerUrl())));
		}
	}

	static Load on(List<Pi> nodes) {
		return new Load(nodes);
	}

	private Pi next() {
		return this.nodes.get(this.turn.getAndIncrement() % this.nodes.size());
	}

	private void repeat(Duration period, Supplier<Http.Answer> request) {
		while (this.running) {
			long start = System.nanoTime();
			ask(request);
			long left = period.toNanos() - (System.nanoTime() - start);
			try {
				TimeUnit.NANOSECONDS.sleep(left);
			}
			catch (InterruptedException ex) {
				return;
			}
		}
	}

	private void ask(Supplier<Http.Answer> request) {
		Instant start = Instant.now();
		try {
			Http.Answer answer = request.get();
			record(start, answer.isNumber() ? "" : answer.toString(), answer.replica());
		}
		catch (RuntimeException ex) {
			record(start, ex.toString(), "nobody");
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

	/** Waits for the answers that are due, and says what came of it all. */
	Outcome end() {
		close();
		synchronized (this) {
			return new Outcome(this.requests, List.copyOf(this.failures), this.longestGap, Map.copyOf(this.replicas));
		}
	}

	@Override
	public void close() {
		this.running = false;
		this.clients.shutdown();
		try {
			if (!this.clients.awaitTermination(30, TimeUnit.SECONDS)) {
				throw new AssertionError("a client hangs");
			}
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * The sum of the load.
	 *
	 * @param failures when and why, for each request that brought no number
	 * @param longestGap between two numbers, of all clients together
	 * @param replicas numbers by the replica that served them
	 */
	record Outcome(int requests, List<String> failures, Duration longestGap, Map<String, Integer> replicas) {

		String summary() {
			return "%d of %d requests failed, longest gap %.1f s".formatted(this.failures.size(), this.requests,
					this.longestGap.toMillis() / 1000.0);
		}

	}

}

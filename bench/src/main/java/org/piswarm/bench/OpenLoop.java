package org.piswarm.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;

/**
 * Load in an open loop: requests are due at a fixed rate, whether the server keeps up or
 * not, and the latency of each counts from when it was due. So a server that pauses gets
 * no discount for the requests that a client in a closed loop would not have sent
 * meanwhile (coordinated omission).
 */
final class OpenLoop {

	/** For answers that are still missing when the last request was due. */
	private static final long GRACE_NANOS = 5_000_000_000L;

	/** The longest time for which an answer that has arrived waits until it is seen. */
	private static final long PARK_NANOS = 50_000L;

	private final double nanosPerRequest;

	private final long[] latencies;

	private final Selector selector;

	/** They take turns. */
	private final Deque<Connection> idle = new ArrayDeque<>();

	private long begin;

	private long lastAnswer;

	private int answered;

	private int failed;

	private OpenLoop(int port, double rate, int requests, int connections) throws IOException {
		InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
		this.nanosPerRequest = 1e9 / rate;
		this.latencies = new long[requests];
		this.selector = Selector.open();
		for (int i = 0; i < connections; i++) {
			this.idle.add(new Connection(address, this.selector, this::ended));
		}
	}

	static Result run(int port, double rate, int connections, Duration duration) throws IOException {
		OpenLoop loop = new OpenLoop(port, rate, (int) Math.max(1, rate * duration.toMillis() / 1000), connections);
		try (loop.selector) {
			loop.run();
			for (SelectionKey key : loop.selector.keys()) {
				key.channel().close();
			}
		}
		return loop.result(rate);
	}

	private void run() throws IOException {
		this.begin = System.nanoTime();
		long end = due(this.latencies.length) + GRACE_NANOS;
		int sent = 0;
		while (this.answered + this.failed < this.latencies.length && System.nanoTime() < end) {
			while (sent < this.latencies.length && System.nanoTime() >= due(sent) && !this.idle.isEmpty()) {
				this.idle.remove().send(sent++);
			}
			if (this.selector.selectNow((key) -> ((Connection) key.attachment()).proceed()) == 0) {
				long untilDue = (sent < this.latencies.length) ? due(sent) - System.nanoTime() : PARK_NANOS;
				LockSupport.parkNanos((untilDue > 0) ? Math.min(untilDue, PARK_NANOS) : PARK_NANOS);
			}
		}
	}

	private long due(int request) {
		return this.begin + (long) (request * this.nanosPerRequest);
	}

	private void ended(Connection connection, int request, boolean good) {
		if (good) {
			long now = System.nanoTime();
			this.latencies[this.answered++] = now - due(request);
			this.lastAnswer = now;
		}
		else {
			this.failed++;
		}
		this.idle.add(connection);
	}

	private Result result(double rate) {
		long[] sorted = Arrays.copyOf(this.latencies, this.answered);
		Arrays.sort(sorted);
		double seconds = Math.max(this.lastAnswer - this.begin, 1) / 1e9;
		return new Result(rate, this.answered / seconds, this.latencies.length - this.answered, percentile(sorted, 0.5),
				percentile(sorted, 0.99), percentile(sorted, 0.999));
	}

	private static double percentile(long[] sorted, double share) {
		return (sorted.length == 0) ? Double.NaN
				: sorted[(int) Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] / 1e6;
	}

	/**
	 * What the clients saw.
	 *
	 * @param rate requests that were due in each second
	 * @param perSecond answers in each second
	 * @param failed requests without a good answer
	 * @param p50 median latency in milliseconds; NaN without an answer
	 * @param p99 99th percentile in milliseconds
	 * @param p999 99.9th percentile in milliseconds
	 */
	record Result(double rate, double perSecond, int failed, double p50, double p99, double p999) {

		boolean isHeld() {
			return this.perSecond >= 0.97 * this.rate;
		}

	}

}

package org.piswarm.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * Load in an open loop: requests are due at a fixed rate, whether the server keeps up or
 * not, and the latency of each counts from when it was due. So a server that pauses gets
 * no discount for the requests that a client in a closed loop would not have sent
 * meanwhile (coordinated omission).
 */
final class OpenLoop {

	/** As many as wrk has for the rate that this one's rate is a share of. */
	private static final int CONNECTIONS = 64;

	/** For answers that are still missing when the last request was due. */
	private static final long GRACE_NANOS = 5_000_000_000L;

	/** The longest time for which an answer that has arrived waits until it is seen. */
	private static final long PARK_NANOS = 50_000L;

	private final InetSocketAddress address;

	private final double nanosPerRequest;

	private final long[] latencies;

	private final Selector selector;

	private final Deque<Connection> idle = new ArrayDeque<>();

	private long begin;

	private long lastAnswer;

	private int answered;

	private int failed;

	private OpenLoop(int port, double rate, int requests) throws IOException {
		this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
		this.nanosPerRequest = 1e9 / rate;
		this.latencies = new long[requests];
		this.selector = Selector.open();
		for (int i = 0; i < CONNECTIONS; i++) {
			this.idle.add(new Connection());
		}
	}

	static Result run(int port, double rate, Duration duration) throws IOException {
		OpenLoop loop = new OpenLoop(port, rate, (int) Math.max(1, rate * duration.toMillis() / 1000));
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

	/** One connection, which is opened again when the server has closed it. */
	private final class Connection {

		private static final int NO_REQUEST = -1;

		private final ByteBuffer answer = ByteBuffer.allocate(8192);

		private @Nullable SocketChannel channel;

		private int request = NO_REQUEST;

		void send(int request) {
			this.request = request;
			this.answer.clear();
			try {
				if (this.channel == null) {
					this.channel = SocketChannel.open();
					this.channel.configureBlocking(false);
					this.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
					this.channel.connect(OpenLoop.this.address);
					this.channel.register(OpenLoop.this.selector, SelectionKey.OP_CONNECT, this);
				}
				else {
					// A request fits into the socket's buffer, which is empty.
					this.channel.write(ByteBuffer.wrap(Probe.REQUEST));
				}
			}
			catch (IOException ex) {
				fail();
			}
		}

		/** Does what the channel is ready for. */
		void proceed() {
			SocketChannel open = this.channel;
			SelectionKey key = (open != null) ? open.keyFor(OpenLoop.this.selector) : null;
			if (open == null || key == null || !key.isValid()) {
				return;
			}
			try {
				if (key.isConnectable()) {
					open.finishConnect();
					key.interestOps(SelectionKey.OP_READ);
					open.write(ByteBuffer.wrap(Probe.REQUEST));
				}
				else {
					read(open);
				}
			}
			catch (IOException ex) {
				fail();
			}
		}

		private void read(SocketChannel open) throws IOException {
			boolean closed = open.read(this.answer) < 0;
			if (this.request == NO_REQUEST) {
				disconnect();
				return;
			}
			String text = new String(this.answer.array(), 0, this.answer.position(), StandardCharsets.ISO_8859_1);
			int body = text.indexOf("\r\n\r\n") + 4;
			if (body < 4 || !isComplete(text, body, closed)) {
				if (closed) {
					fail();
				}
				return;
			}
			if (closed || isLast(text.substring(0, body).toLowerCase(Locale.ROOT))) {
				disconnect();
			}
			if (text.startsWith("200 ", "HTTP/1.1 ".length())) {
				long now = System.nanoTime();
				OpenLoop.this.latencies[OpenLoop.this.answered++] = now - due(this.request);
				OpenLoop.this.lastAnswer = now;
			}
			else {
				OpenLoop.this.failed++;
			}
			release();
		}

		/** By the length that the head names, or else by the end of the connection. */
		private boolean isComplete(String text, int body, boolean closed) {
			String head = text.substring(0, body).toLowerCase(Locale.ROOT);
			int length = head.indexOf("\r\ncontent-length:");
			if (length < 0) {
				return head.contains("\r\ntransfer-encoding: chunked") ? text.endsWith("\r\n0\r\n\r\n") : closed;
			}
			int from = length + "\r\ncontent-length:".length();
			return text.length() - body >= Integer.parseInt(head.substring(from, head.indexOf('\r', from)).trim());
		}

		private boolean isLast(String head) {
			return head.contains("\r\nconnection: close")
					|| (head.startsWith("http/1.0") && !head.contains("\r\nconnection: keep-alive"));
		}

		private void fail() {
			disconnect();
			if (this.request != NO_REQUEST) {
				OpenLoop.this.failed++;
				release();
			}
		}

		private void release() {
			this.request = NO_REQUEST;
			OpenLoop.this.idle.add(this);
		}

		private void disconnect() {
			if (this.channel != null) {
				try {
					this.channel.close();
				}
				catch (IOException ex) {
					// It is closed all the same.
				}
				this.channel = null;
			}
		}

	}

}

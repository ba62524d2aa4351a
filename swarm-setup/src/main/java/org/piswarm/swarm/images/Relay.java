package org.piswarm.swarm.images;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A port of this machine's loopback that leads to another one, and counts the bytes that
 * come back: they show whether a node that pulls gets anything.
 */
public final class Relay implements AutoCloseable {

	private final ServerSocket server;

	private final int target;

	/** Many times what a node asks for; it must not fill the registry. */
	static final long MAX_SENT = 8 << 20;

	/** Docker pulls with a few. */
	static final int MAX_CONNECTIONS = 64;

	private final AtomicLong bytes = new AtomicLong();

	private final AtomicLong sent = new AtomicLong();

	private final Semaphore free = new Semaphore(MAX_CONNECTIONS);

	public Relay(int target) {
		this.target = target;
		try {
			this.server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		start(this::accept);
	}

	public int port() {
		return this.server.getLocalPort();
	}

	/** How many bytes have come from the other port. */
	public long bytes() {
		return this.bytes.get();
	}

	private void accept() throws IOException {
		while (true) {
			Socket client = this.server.accept();
			if (!this.free.tryAcquire()) {
				client.close();
				continue;
			}
			start(() -> {
				try {
					serve(client);
				}
				finally {
					this.free.release();
				}
			});
		}
	}

	private void serve(Socket client) throws IOException {
		try (client; Socket registry = new Socket(InetAddress.getByName("127.0.0.1"), this.target)) {
			start(() -> {
				try (registry) {
					copy(client.getInputStream(), registry.getOutputStream(), this.sent, MAX_SENT);
				}
			});
			copy(registry.getInputStream(), client.getOutputStream(), this.bytes, Long.MAX_VALUE);
		}
	}

	private static void copy(InputStream in, OutputStream out, AtomicLong count, long limit) throws IOException {
		byte[] buffer = new byte[64 * 1024];
		for (int length; (length = in.read(buffer)) >= 0;) {
			if (count.addAndGet(length) > limit) {
				throw new IOException("more than " + limit + " bytes");
			}
			out.write(buffer, 0, length);
		}
	}

	/** What a connection does until one of its ends closes it. */
	private interface Work {

		void run() throws IOException;

	}

	private static void start(Work work) {
		Thread thread = new Thread(() -> {
			try {
				work.run();
			}
			catch (IOException ex) {
				// An end was closed. The node that pulls says what it lacks.
			}
		}, "relay");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() {
		try {
			this.server.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}

package org.piswarm.consumer.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A network between a browser and the consumer, which can fail. */
class Cable implements AutoCloseable {

	private final InetAddress loopback = InetAddress.getLoopbackAddress();

	private final ServerSocket server = new ServerSocket(0, 50, this.loopback);

	private final Queue<Socket> ends = new ConcurrentLinkedQueue<>();

	private final int target;

	private volatile boolean silent;

	Cable(int target) throws IOException {
		this.target = target;
		start(this::accept);
	}

	int port() {
		return this.server.getLocalPort();
	}

	/** Breaks all connections, and accepts new ones. */
	void breakConnections() throws IOException {
		for (Socket end = this.ends.poll(); end != null; end = this.ends.poll()) {
			end.close();
		}
	}

	/**
	 * Drops all data without closing a connection, as if the other machine lost its
	 * power.
	 */
	void silence(boolean silent) {
		this.silent = silent;
	}

	private void accept() {
		while (!this.server.isClosed()) {
			try {
				Socket near = this.server.accept();
				Socket far = new Socket(this.loopback, this.target);
				this.ends.add(near);
				this.ends.add(far);
				start(() -> pump(near, far));
				start(() -> pump(far, near));
			}
			catch (IOException ex) {
				// The test is over, or the consumer does not run.
			}
		}
	}

	private void pump(Socket from, Socket to) {
		try (from; to; InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream()) {
			byte[] buffer = new byte[8192];
			for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
				if (!this.silent) {
					out.write(buffer, 0, read);
				}
			}
		}
		catch (IOException ex) {
			// One side closed its connection, so the other one is closed too.
		}
	}

	private static void start(Runnable work) {
		Thread thread = new Thread(work, "cable");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		breakConnections();
	}

}

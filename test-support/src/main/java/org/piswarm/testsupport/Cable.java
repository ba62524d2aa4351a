package org.piswarm.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** A network between a client and a server of this machine, which can fail. */
public final class Cable implements AutoCloseable {

	private final InetAddress loopback = InetAddress.getLoopbackAddress();

	private volatile ServerSocket server = new ServerSocket(FreePort.find(), 50, this.loopback);

	private final int port = this.server.getLocalPort();

	private final Queue<Socket> ends = new ConcurrentLinkedQueue<>();

	private final AtomicLong bytes = new AtomicLong();

	private final AtomicLong requests = new AtomicLong();

	private volatile int target;

	private volatile boolean silent;

	private volatile boolean answersLost;

	/**
	 * Connects a free port to a server.
	 * @param target the server's port
	 */
	public Cable(int target) throws IOException {
		this.target = target;
		start(this::accept);
	}

	public int port() {
		return this.port;
	}

	/** How many bytes went through it, in both directions. */
	public long bytes() {
		return this.bytes.get();
	}

	/**
	 * How often the client has sent something: the number of its requests, if they are
	 * short and it waits for each answer.
	 */
	public long requests() {
		return this.requests.get();
	}

	/** Breaks all connections, and accepts new ones. */
	public void breakConnections() throws IOException {
		for (Socket end = this.ends.poll(); end != null; end = this.ends.poll()) {
			end.close();
		}
	}

	/**
	 * Drops all data without closing a connection, as if the other machine lost its
	 * power.
	 */
	public void silence(boolean silent) {
		this.silent = silent;
	}

	/**
	 * Drops what the server sends: it does what it is asked, and its client does not
	 * know.
	 */
	public void loseAnswers(boolean lost) {
		this.answersLost = lost;
	}

	/** Leads new connections to another server. */
	public void leadTo(int target) {
		this.target = target;
	}

	/** Breaks all connections, and refuses new ones. */
	public void refuse() throws IOException {
		close();
	}

	/** Accepts connections again, on the same port. */
	public void acceptAgain() throws IOException {
		this.server = new ServerSocket(this.port, 50, this.loopback);
		start(this::accept);
	}

	private void accept() {
		ServerSocket accepting = this.server;
		while (!accepting.isClosed()) {
			try {
				connect(accepting.accept());
			}
			catch (IOException ex) {
				// The test is over.
			}
		}
	}

	private void connect(Socket near) throws IOException {
		try {
			Socket far = new Socket(this.loopback, this.target);
			this.ends.add(near);
			this.ends.add(far);
			start(() -> pump(near, far, false));
			start(() -> pump(far, near, true));
		}
		catch (IOException ex) {
			// The server does not run.
			near.close();
		}
	}

	private void pump(Socket from, Socket to, boolean answers) {
		try (from; to; InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream()) {
			byte[] buffer = new byte[8192];
			for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
				this.bytes.addAndGet(read);
				if (!answers) {
					this.requests.incrementAndGet();
				}
				if (!this.silent && !(answers && this.answersLost)) {
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

package org.piswarm.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A client that may send any bytes, or none. */
public final class RawConnection implements AutoCloseable {

	private final Socket socket;

	private volatile boolean closed;

	private final InputStream in;

	public RawConnection(int port) throws IOException {
		this(port, 0);
	}

	/**
	 * Connects to a port of this machine.
	 * @param receiveBuffer how many bytes the kernel may keep for a client that does not
	 * read; 0 for its default
	 */
	public RawConnection(int port, int receiveBuffer) throws IOException {
		this.socket = new Socket();
		if (receiveBuffer > 0) {
			this.socket.setReceiveBufferSize(receiveBuffer);
		}
		this.socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
		this.in = this.socket.getInputStream();
	}

	/** A request for the headers of an answer alone. */
	public static String head(String path) {
		return "HEAD " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
	}

	public RawConnection send(String text) throws IOException {
		OutputStream out = this.socket.getOutputStream();
		out.write(text.getBytes(StandardCharsets.ISO_8859_1));
		out.flush();
		return this;
	}

	/** The next line of the answer; empty if the server closed the connection. */
	public String readLine(Duration limit) throws IOException {
		this.socket.setSoTimeout((int) limit.toMillis());
		try {
			return readLine();
		}
		catch (SocketException reset) {
			// The server closed it before it read all that was sent.
			return "";
		}
	}

	/** Reads on to the end of the answer's headers. */
	public void skipHead() throws IOException {
		while (!readLine().isEmpty()) {
			// Each header is one line.
		}
	}

	/** Reads on until the server closes the connection. */
	public void awaitClose(Duration limit) throws IOException {
		this.socket.setSoTimeout((int) limit.toMillis());
		try {
			this.in.readAllBytes();
		}
		catch (SocketException reset) {
			// The server closed it before it read all that was sent.
		}
	}

	private String readLine() throws IOException {
		StringBuilder line = new StringBuilder();
		for (int b = this.in.read(); b != -1 && b != '\n'; b = this.in.read()) {
			line.append((char) b);
		}
		return line.toString().stripTrailing();
	}

	/** Sends one byte each 50 ms from now on, until one of the two sides closes. */
	public RawConnection trickle() {
		Thread thread = new Thread(() -> {
			try {
				while (!this.closed) {
					send("a");
					TimeUnit.MILLISECONDS.sleep(50);
				}
			}
			catch (IOException | InterruptedException ex) {
				// The server closed the connection.
			}
		}, "trickle");
		thread.setDaemon(true);
		thread.start();
		return this;
	}

	@Override
	public void close() throws IOException {
		this.closed = true;
		this.socket.close();
	}

}

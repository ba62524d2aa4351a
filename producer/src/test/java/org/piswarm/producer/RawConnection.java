package org.piswarm.producer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A client that may send anything at all, in bytes of its own choosing. */
class RawConnection implements AutoCloseable {

	private final Socket socket;

	private final InputStream in;

	RawConnection(int port) throws IOException {
		this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
		this.in = this.socket.getInputStream();
	}

	/** A request for the headers of an answer alone. */
	static String head(String path) {
		return "HEAD " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
	}

	RawConnection send(String text) throws IOException {
		OutputStream out = this.socket.getOutputStream();
		out.write(text.getBytes(StandardCharsets.ISO_8859_1));
		out.flush();
		return this;
	}

	/** The answer's first line; empty if the server closed the connection instead. */
	String statusLine(Duration limit) throws IOException {
		this.socket.setSoTimeout((int) limit.toMillis());
		try {
			return readLine();
		}
		catch (SocketException reset) {
			// Closed, while bytes of ours were on their way.
			return "";
		}
	}

	/** Reads on to the end of the answer's headers. */
	void skipHead() throws IOException {
		while (!readLine().isEmpty()) {
			// Each header in turn.
		}
	}

	/** Reads on until the server closes the connection. */
	void awaitClose(Duration limit) throws IOException {
		this.socket.setSoTimeout((int) limit.toMillis());
		try {
			this.in.readAllBytes();
		}
		catch (SocketException reset) {
			// Closed all the same, while bytes of ours were on their way.
		}
	}

	private String readLine() throws IOException {
		StringBuilder line = new StringBuilder();
		for (int b = this.in.read(); b != -1 && b != '\n'; b = this.in.read()) {
			line.append((char) b);
		}
		return line.toString().stripTrailing();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}

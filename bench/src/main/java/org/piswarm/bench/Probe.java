package org.piswarm.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks a server for one number, over a new connection. */
final class Probe {

	static final byte[] REQUEST = "GET /number HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] LAST_REQUEST = "GET /number HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
		.getBytes(StandardCharsets.US_ASCII);

	private static final Pattern GOOD = Pattern.compile("HTTP/1\\.[01] 200 .*\\{\"number\":\\s*(\\d{1,3})}\\s*.*",
			Pattern.DOTALL);

	private Probe() {
	}

	/** Whether it answers with a number from 1 to 180. */
	static boolean isGood(int port) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			socket.setSoTimeout(10_000);
			socket.getOutputStream().write(LAST_REQUEST);
			Matcher answer = GOOD
				.matcher(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
			return answer.matches() && Integer.parseInt(answer.group(1)) >= 1
					&& Integer.parseInt(answer.group(1)) <= 180;
		}
		catch (IOException ex) {
			return false;
		}
	}

}

package org.piswarm.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * A whole answer over HTTP/1.
 *
 * @param isGood whether its status is 200
 * @param isLast whether the server closes the connection after it
 */
record HttpAnswer(boolean isGood, boolean isLast) {

	private static final String LENGTH = "\r\ncontent-length:";

	/**
	 * Reads what has arrived.
	 * @param closed whether the server has closed the connection
	 * @return null if the answer is not complete
	 */
	static @Nullable HttpAnswer of(ByteBuffer received, boolean closed) {
		String text = new String(received.array(), 0, received.position(), StandardCharsets.ISO_8859_1);
		int body = text.indexOf("\r\n\r\n") + 4;
		if (body < 4) {
			return null;
		}
		String head = text.substring(0, body).toLowerCase(Locale.ROOT);
		if (!isComplete(head, text, closed)) {
			return null;
		}
		boolean last = closed || head.contains("\r\nconnection: close")
				|| (head.startsWith("http/1.0") && !head.contains("\r\nconnection: keep-alive"));
		return new HttpAnswer(text.startsWith("200 ", "HTTP/1.1 ".length()), last);
	}

	/** By the length that the head names, or else by the end of the connection. */
	private static boolean isComplete(String head, String text, boolean closed) {
		int length = head.indexOf(LENGTH);
		if (length < 0) {
			return head.contains("\r\ntransfer-encoding: chunked") ? text.endsWith("\r\n0\r\n\r\n") : closed;
		}
		int from = length + LENGTH.length();
		return text.length() - head.length() >= Integer.parseInt(head.substring(from, head.indexOf('\r', from)).trim());
	}

}

package org.piswarm.e2e;

import java.time.Duration;

import io.netty.handler.codec.http.HttpHeaderNames;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** Sends HTTP requests, without a retry that would hide a failure. */
final class Http {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	/** Opens a new connection for each request. */
	private static final HttpClient client = client(ConnectionProvider.newConnection());

	private Http() {
	}

	/** A client that keeps one connection open. */
	static HttpClient keepingConnections() {
		return client(ConnectionProvider.create("kept", 1));
	}

	private static HttpClient client(ConnectionProvider connections) {
		return HttpClient.create(connections).disableRetry(true).responseTimeout(LIMIT);
	}

	static Answer get(String url) {
		return get(client, url);
	}

	/**
	 * Sends a GET request.
	 * @throws RuntimeException if there is no answer
	 */
	static Answer get(HttpClient client, String url) {
		Answer answer = client.get()
			.uri(url)
			.responseSingle((response, body) -> body.asString()
				.defaultIfEmpty("")
				.map((text) -> new Answer(response.status().code(), text,
						response.responseHeaders().get("X-Served-By", "none"),
						response.responseHeaders().get(HttpHeaderNames.CONTENT_TYPE, "none"))))
			.block(LIMIT);
		if (answer == null) {
			throw new IllegalStateException("no answer");
		}
		return answer;
	}

	/**
	 * An answer.
	 *
	 * @param replica the producer that sent it, {@code "none"} for other servers
	 */
	record Answer(int status, String body, String replica, String contentType) {

		boolean isNumber() {
			return this.status == 200 && this.body.matches("\\{\"number\":\\d{1,3}}");
		}

	}

}

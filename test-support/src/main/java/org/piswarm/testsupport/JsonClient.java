package org.piswarm.testsupport;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client of a service that speaks JSON. Each request takes 20 s at most. Headers are
 * names and values in turn; a Content-Type among them replaces application/json.
 */
public final class JsonClient {

	/** Longer than a service of samples/conference may need for an answer. */
	private static final Duration LIMIT = Duration.ofSeconds(20);

	private final HttpClient client = HttpClient.newBuilder().connectTimeout(LIMIT).build();

	private final String url;

	/**
	 * Creates a client.
	 * @param url the service, without a path
	 */
	public JsonClient(String url) {
		this.url = url;
	}

	public Answer get(String path, String... headers) throws IOException, InterruptedException {
		return send("GET", path, null, headers);
	}

	public Answer post(String path, String json, String... headers) throws IOException, InterruptedException {
		return send("POST", path, json, headers);
	}

	public Answer put(String path, String json, String... headers) throws IOException, InterruptedException {
		return send("PUT", path, json, headers);
	}

	public Answer delete(String path, String... headers) throws IOException, InterruptedException {
		return send("DELETE", path, null, headers);
	}

	private Answer send(String method, String path, @Nullable String json, String... headers)
			throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(this.url + path))
			.timeout(LIMIT)
			.setHeader("Content-Type", "application/json")
			.method(method, (json != null) ? BodyPublishers.ofString(json) : BodyPublishers.noBody());
		for (int i = 0; i < headers.length; i += 2) {
			request.setHeader(headers[i], headers[i + 1]);
		}
		HttpResponse<String> response = this.client.send(request.build(), BodyHandlers.ofString());
		return new Answer(response.statusCode(), response.headers(), response.body());
	}

	/** What the service has answered. */
	public record Answer(int status, HttpHeaders headers, String body) {

		public JsonNode json() {
			return JsonMapper.shared().readTree(this.body);
		}

		public String header(String name) {
			return this.headers.firstValue(name).orElse("");
		}

		/** Of a problem. */
		public String detail() {
			return json().path("detail").asString("");
		}

	}

}

package org.piswarm.producer;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.piswarm.testsupport.JavaProcess;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The log as stack.yml sets it, one JSON object per line. It needs a JVM of its own,
 * whose log format stays the same until it ends.
 */
class LogTests {

	@Test
	void logsANumberOnlyForARequestWithATrace() throws Exception {
		try (JavaProcess producer = JavaProcess.start(ProducerApplication.class.getName(),
				Map.of("LOGGING_STRUCTURED_FORMAT_CONSOLE", "ecs", "HOSTNAME", "producer-2", "NODE_NAME", "pi3",
						"SERVER_PORT", "0"))) {
			String listening = producer.awaitMessage("Listening on port ").get("message").asString();
			URI url = URI.create("http://localhost:%s/number".formatted(listening.split(" ")[3]));
			String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
			get(HttpRequest.newBuilder(url));
			get(HttpRequest.newBuilder(url).header("traceparent", "x"));
			get(HttpRequest.newBuilder(url).header("traceparent", "00-" + trace + "-00f067aa0ba902b7-01"));
			JsonNode served = producer.awaitMessage("Served number: ");
			assertThat(served.at("/trace/id").asString()).isEqualTo(trace);
			assertThat(served.at("/log/level").asString()).isEqualTo("INFO");
			assertThat(served.at("/service/name").asString()).isEqualTo("producer");
			assertThat(served.at("/service/node/name").asString()).isEqualTo("producer-2");
			assertThat(served.at("/host/name").asString()).isEqualTo("pi3");
			assertThat(producer.output()).containsOnlyOnce("Served number: ");
		}
	}

	private static String get(HttpRequest.Builder request) throws IOException, InterruptedException {
		HttpResponse<String> answer = HttpClient.newHttpClient()
			.send(request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
		assertThat(answer.statusCode()).isEqualTo(200);
		return answer.body();
	}

}

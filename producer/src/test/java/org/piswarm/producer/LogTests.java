package org.piswarm.producer;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The log as stack.yml asks for it, one JSON object a line: of a process of its own, as
 * the format stays for as long as one lives.
 */
class LogTests {

	@Test
	void aNumberForAPollHasALineWithThePollsTrace(@TempDir File directory) throws Exception {
		File log = new File(directory, "log");
		Process producer = ProducerProcess.start(Map.of("LOGGING_STRUCTURED_FORMAT_CONSOLE", "ecs", "HOSTNAME",
				"producer-2", "NODE_NAME", "pi3", "SERVER_PORT", "0"), log);
		try {
			String listening = awaitLines(log, "Listening on port ").get(0).get("message").asString();
			URI url = URI.create("http://localhost:%s/number".formatted(listening.split(" ")[3]));
			String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
			// Who is not a poll fills no log.
			get(HttpRequest.newBuilder(url));
			get(HttpRequest.newBuilder(url).header("traceparent", "00-" + trace + "-00f067aa0ba902b7-01"));
			List<JsonNode> served = awaitLines(log, "Served number: ");
			assertThat(served).hasSize(1);
			assertThat(served.get(0).get("trace.id").asString()).isEqualTo(trace);
			assertThat(served.get(0).at("/log/level").asString()).isEqualTo("INFO");
			assertThat(served.get(0).at("/service/name").asString()).isEqualTo("producer");
			assertThat(served.get(0).at("/service/node/name").asString()).isEqualTo("producer-2");
			assertThat(served.get(0).at("/host/name").asString()).isEqualTo("pi3");
			// An exemplar, as "... # {trace_id=...}", is more than an older Prometheus
			// can read.
			assertThat(get(HttpRequest.newBuilder(url.resolve("/actuator/prometheus"))
				.header("Accept", "application/openmetrics-text; version=1.0.0"))).contains("# EOF")
				.doesNotContain("# {");
		}
		finally {
			producer.destroyForcibly().waitFor();
		}
	}

	private static String get(HttpRequest.Builder request) throws IOException, InterruptedException {
		HttpResponse<String> answer = HttpClient.newHttpClient()
			.send(request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
		assertThat(answer.statusCode()).isEqualTo(200);
		return answer.body();
	}

	private static List<JsonNode> awaitLines(File log, String message) {
		return await(message).atMost(Duration.ofSeconds(60))
			.until(() -> Files.readString(log.toPath())
				.lines()
				.map(LogTests::parse)
				.filter((line) -> line.path("message").asString("").startsWith(message))
				.toList(), (lines) -> !lines.isEmpty());
	}

	/** A line, but for one that is being written. */
	private static JsonNode parse(String line) {
		try {
			return JsonMapper.shared().readTree(line);
		}
		catch (JacksonException ex) {
			return JsonMapper.shared().createObjectNode();
		}
	}

}

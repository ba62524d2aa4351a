package org.piswarm.consumer;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The log as stack.yml asks for it: one JSON object a line. */
@ExtendWith(OutputCaptureExtension.class)
class LogTests {

	@RegisterExtension
	private final MockProducer producer = new MockProducer();

	@Test
	void aLineSaysWhoWhereAndForWhichPoll(CapturedOutput output) throws Exception {
		this.producer.server()
			.enqueue(new MockResponse.Builder().setHeader("Content-Type", "application/json")
				.body("{\"number\":73}")
				.build());
		this.producer.server().enqueue(new MockResponse.Builder().code(404).build());
		String url = this.producer.server().url("/number").toString();
		try (ConfigurableApplicationContext consumer = SpringApplication.run(ConsumerApplication.class,
				"--PRODUCER_URL=" + url, "--POLL_INTERVAL=1h", "--server.port=0", "--HOSTNAME=consumer-1",
				"--NODE_NAME=pi2", "--logging.structured.format.console=ecs")) {
			await().atMost(Duration.ofSeconds(20)).until(() -> output.getAll().contains("Received number"));
			consumer.getBean(Poller.class).poll().block();
			await().atMost(Duration.ofSeconds(20)).until(() -> output.getAll().contains("Error fetching"));
		}
		List<JsonNode> lines = output.getAll()
			.lines()
			.filter((line) -> line.startsWith("{"))
			.map(JsonMapper.shared()::readTree)
			.toList();
		JsonNode received = line(lines, "Received number: 73");
		assertThat(received.at("/log/level").asString()).isEqualTo("INFO");
		assertThat(received.at("/service/name").asString()).isEqualTo("consumer");
		assertThat(received.at("/service/node/name").asString()).isEqualTo("consumer-1");
		assertThat(received.at("/host/name").asString()).isEqualTo("pi2");
		JsonNode failed = line(lines, "Error fetching the number: status 404 (" + url + ", 1 attempt)");
		assertThat(failed.at("/log/level").asString()).isEqualTo("ERROR");
		assertThat(failed.at("/error/message").asString()).isEqualTo("status 404 (" + url + ", 1 attempt)");

		// The trace of each is what the producer was told, as 00-TRACE-SPAN-FLAGS.
		for (JsonNode line : List.of(received, failed)) {
			RecordedRequest request = this.producer.server().takeRequest(10, TimeUnit.SECONDS);
			assertThat(request).isNotNull();
			assertThat(request.getHeaders().get("traceparent"))
				.matches("00-" + line.get("trace.id").asString() + "-[0-9a-f]{16}-[0-9a-f]{2}");
		}
		assertThat(List.of(received, failed)).extracting((line) -> line.get("trace.id")).doesNotHaveDuplicates();
	}

	@Test
	void attemptsOfOnePollAreOneTrace() throws Exception {
		for (int attempt = 0; attempt < 3; attempt++) {
			this.producer.server().enqueue(new MockResponse.Builder().code(503).build());
		}
		try (ConfigurableApplicationContext consumer = SpringApplication.run(ConsumerApplication.class,
				"--PRODUCER_URL=" + this.producer.server().url("/number"), "--POLL_INTERVAL=1h", "--server.port=0")) {
			Map<String, String> traces = new HashMap<>();
			for (int attempt = 0; attempt < 3; attempt++) {
				RecordedRequest request = this.producer.server().takeRequest(20, TimeUnit.SECONDS);
				assertThat(request).isNotNull();
				String[] parts = String.valueOf(request.getHeaders().get("traceparent")).split("-");
				traces.put(parts[2], parts[1]);
			}
			assertThat(traces).as("spans and their traces").hasSize(3);
			assertThat(traces.values()).containsOnly(traces.values().iterator().next());
		}
	}

	private static JsonNode line(List<JsonNode> lines, String message) {
		return lines.stream()
			.filter((line) -> line.path("message").asString("").equals(message))
			.findFirst()
			.orElseThrow(() -> new AssertionError("no line " + message + " in " + lines));
	}

}

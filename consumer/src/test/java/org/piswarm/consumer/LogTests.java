package org.piswarm.consumer;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
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

	@RegisterExtension
	private final MockProducer producer = new MockProducer();

	/** What the consumer sent along with each attempt: VERSION-TRACE-SPAN-FLAGS. */
	private final Queue<String> traceparents = new ConcurrentLinkedQueue<>();

	private volatile int status = 200;

	private File log;

	private Process consumer;

	@BeforeEach
	void start(@TempDir File directory) throws IOException {
		this.producer.server().setDispatcher(new Dispatcher() {

			@Override
			public MockResponse dispatch(RecordedRequest request) {
				LogTests.this.traceparents.add(String.valueOf(request.getHeaders().get("traceparent")));
				return new MockResponse.Builder().code(LogTests.this.status)
					.setHeader("Content-Type", "application/json")
					.body("{\"number\":73}")
					.build();
			}

		});
		this.log = new File(directory, "log");
		this.consumer = ConsumerProcess.start(Map.of("LOGGING_STRUCTURED_FORMAT_CONSOLE", "ecs", "HOSTNAME",
				"consumer-1", "NODE_NAME", "pi2", "PRODUCER_URL", url(), "POLL_INTERVAL", "1s", "SERVER_PORT", "0"),
				this.log);
	}

	@AfterEach
	void stop() throws InterruptedException {
		this.consumer.destroyForcibly().waitFor();
	}

	@Test
	void aLineSaysWhoWhereAndForWhichPoll() {
		JsonNode received = awaitLine("Received number: 73");
		assertThat(received.at("/log/level").asString()).isEqualTo("INFO");
		assertThat(received.at("/service/name").asString()).isEqualTo("consumer");
		assertThat(received.at("/service/node/name").asString()).isEqualTo("consumer-1");
		assertThat(received.at("/host/name").asString()).isEqualTo("pi2");
		assertThat(attemptsOf(received)).isNotEmpty();

		this.status = 404;
		String reason = "status 404 (" + url() + ", 1 attempt)";
		JsonNode failed = awaitLine("Error fetching the number: " + reason);
		assertThat(failed.at("/log/level").asString()).isEqualTo("ERROR");
		assertThat(failed.at("/error/message").asString()).isEqualTo(reason);
		assertThat(attemptsOf(failed)).hasSize(1).doesNotContainAnyElementsOf(attemptsOf(received));
	}

	@Test
	void allAttemptsOfAPollAreOneTrace() {
		this.status = 503;
		// Of the first poll one may be lost before it gets anywhere, so soon after the
		// start.
		await().atMost(Duration.ofSeconds(60))
			.until(() -> lines().stream()
				.filter((line) -> line.path("message").asString("").endsWith(", 3 attempts)"))
				.anyMatch((line) -> attemptsOf(line).size() == 3));
		assertThat(this.traceparents).doesNotHaveDuplicates();
	}

	private String url() {
		return this.producer.server().url("/number").toString();
	}

	private List<String> attemptsOf(JsonNode line) {
		String trace = line.get("trace.id").asString();
		assertThat(trace).matches("[0-9a-f]{32}");
		return this.traceparents.stream()
			.filter((traceparent) -> traceparent.matches("00-" + trace + "-[0-9a-f]{16}-[0-9a-f]{2}"))
			.toList();
	}

	private JsonNode awaitLine(String message) {
		return await(message).atMost(Duration.ofSeconds(60))
			.until(() -> lines().stream().filter((line) -> line.path("message").asString("").equals(message)).toList(),
					(lines) -> !lines.isEmpty())
			.get(0);
	}

	/** The log, but for a line that is being written. */
	private List<JsonNode> lines() throws IOException {
		return Files.readString(this.log.toPath()).lines().map(LogTests::parse).toList();
	}

	private static JsonNode parse(String line) {
		try {
			return JsonMapper.shared().readTree(line);
		}
		catch (JacksonException ex) {
			return JsonMapper.shared().createObjectNode();
		}
	}

}

package org.piswarm.consumer;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.piswarm.testsupport.JavaProcess;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The log as stack.yml sets it, one JSON object per line. It needs a JVM of its own,
 * whose log format stays the same until it ends.
 */
class LogTests {

	@RegisterExtension
	private final MockProducer producer = new MockProducer();

	/** The header of each attempt: VERSION-TRACE-SPAN-FLAGS. */
	private final Queue<String> traceparents = new ConcurrentLinkedQueue<>();

	private volatile int status = 200;

	@Test
	void logsEachPollWithItsTrace() throws Exception {
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
		String url = this.producer.server().url("/number").toString();
		try (JavaProcess consumer = JavaProcess.start(ConsumerApplication.class.getName(),
				Map.of("LOGGING_STRUCTURED_FORMAT_CONSOLE", "ecs", "HOSTNAME", "consumer-1", "NODE_NAME", "pi2",
						"PRODUCER_URL", url, "POLL_INTERVAL", "1s", "SERVER_PORT", "0"))) {
			JsonNode received = consumer.awaitMessage("Received number: 73");
			assertThat(received.at("/log/level").asString()).isEqualTo("INFO");
			assertThat(received.at("/service/name").asString()).isEqualTo("consumer");
			assertThat(received.at("/service/node/name").asString()).isEqualTo("consumer-1");
			assertThat(received.at("/host/name").asString()).isEqualTo("pi2");
			assertThat(attemptsOf(received)).isNotEmpty();

			this.status = 404;
			String reason = "status 404 (" + url + ", 1 attempt)";
			JsonNode refused = consumer.awaitMessage("Error fetching the number: " + reason);
			assertThat(refused.at("/log/level").asString()).isEqualTo("ERROR");
			assertThat(refused.at("/error/message").asString()).isEqualTo(reason);
			assertThat(attemptsOf(refused)).hasSize(1).doesNotContainAnyElementsOf(attemptsOf(received));

			this.status = 503;
			JsonNode retried = consumer.awaitMessage("Error fetching the number: status 503 (" + url + ", 3 attempts)");
			assertThat(attemptsOf(retried)).as("attempts of one trace").hasSize(3);
			assertThat(this.traceparents).doesNotHaveDuplicates();
		}
	}

	private List<String> attemptsOf(JsonNode line) {
		String trace = line.at("/trace/id").asString();
		assertThat(trace).matches("[0-9a-f]{32}");
		return this.traceparents.stream()
			.filter((traceparent) -> traceparent.matches("00-" + trace + "-[0-9a-f]{16}-[0-9a-f]{2}"))
			.toList();
	}

}

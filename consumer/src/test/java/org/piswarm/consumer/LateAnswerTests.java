package org.piswarm.consumer;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Answers that come in the very moment in which the consumer gives up on them. */
@DirtiesContext
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "POLL_INTERVAL=500ms")
@ExtendWith(OutputCaptureExtension.class)
class LateAnswerTests {

	/** The limit of an attempt at this interval is 116 ms. */
	private static final int EARLIEST = 108;

	private static final MockWebServer producer = new MockWebServer();

	@Autowired
	private Stats stats;

	@DynamicPropertySource
	static void startProducer(DynamicPropertyRegistry registry) throws IOException {
		producer.setDispatcher(new Dispatcher() {
			@Override
			public MockResponse dispatch(RecordedRequest request) {
				int delay = EARLIEST + producer.getRequestCount() % 10;
				return new MockResponse.Builder().setHeader("Content-Type", "application/json")
					.body("{\"number\":1}")
					.headersDelay(delay, TimeUnit.MILLISECONDS)
					.build();
			}
		});
		producer.start();
		registry.add("PRODUCER_URL", () -> producer.url("/number").toString());
	}

	@AfterAll
	static void stopProducer() {
		MockProducer.close(producer);
	}

	@Test
	void costNoMoreThanALine(CapturedOutput output) {
		// Not what the JVM and its tools have to say at the start.
		awaitPolls(5);
		int printed = output.getAll().length();
		awaitPolls(35);
		assertThat(this.stats.snapshot().retried()).isPositive();
		assertThat(output.getAll().substring(printed).lines().filter((line) -> !line.contains("MockWebServer")))
			.allMatch((line) -> line.contains(" INFO  Received number: ")
					|| line.contains(" ERROR Error fetching the number: no answer within 116 ms ("));
	}

	private void awaitPolls(int polls) {
		await().atMost(Duration.ofSeconds(60)).until(() -> this.stats.snapshot().polls() >= polls);
	}

}

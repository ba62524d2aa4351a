package org.piswarm.consumer.web;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

import com.jayway.jsonpath.JsonPath;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.QueueDispatcher;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.piswarm.consumer.polling.Poller;
import org.piswarm.consumer.state.PollCounts;
import reactor.core.publisher.Flux;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.awaitility.Awaitility.await;

/**
 * One consumer for several test classes. Its loop polls once an hour; the tests poll by
 * hand.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "POLL_INTERVAL=1h", "HOSTNAME=consumer-1", "NODE_NAME=pi1" })
abstract class SharedConsumer {

	static final Duration BOUND = Duration.ofSeconds(20);

	/** Never closed: it lives as long as the consumer, which Spring closes at the end. */
	static final MockWebServer producer = new MockWebServer();

	@LocalServerPort
	int port;

	@Autowired
	Poller poller;

	@Autowired
	PollCounts counts;

	WebTestClient client;

	@DynamicPropertySource
	static void startProducer(DynamicPropertyRegistry registry) throws IOException {
		// For the loop's own first poll.
		QueueDispatcher dispatcher = new QueueDispatcher();
		dispatcher.setFailFast(answer(1));
		producer.setDispatcher(dispatcher);
		producer.start();
		registry.add("PRODUCER_URL", () -> producer.url("/number").toString());
	}

	@BeforeEach
	void connect() {
		this.client = WebTestClient.bindToServer()
			.baseUrl("http://localhost:" + this.port)
			.responseTimeout(BOUND)
			.build();
		await("the first poll").atMost(BOUND).until(() -> this.counts.snapshot().received() > 0);
	}

	void receive(int number) {
		producer.enqueue(answer(number));
		this.poller.poll().block(BOUND);
	}

	/** A poll that the producer answers with an error. */
	void fail(int status) {
		producer.enqueue(new MockResponse.Builder().code(status).build());
		this.poller.poll().block(BOUND);
	}

	static MockResponse answer(int number) {
		return new MockResponse.Builder().setHeader("Content-Type", "application/json")
			.setHeader("X-Served-By", "producer-2@pi3")
			.body("{\"number\":" + number + "}")
			.build();
	}

	/** Reads the body too: one that nobody reads is lost memory. */
	EntityExchangeResult<String> get(String path, MediaType... accept) {
		return this.client.get().uri(path).headers((headers) -> {
			if (accept.length > 0) {
				headers.setAccept(List.of(accept));
			}
		}).exchange().expectBody(String.class).returnResult();
	}

	static String body(EntityExchangeResult<String> answer) {
		return Objects.requireNonNull(answer.getResponseBody());
	}

	/** A stream of events; cancel it, or limit what is taken. */
	Flux<ServerSentEvent<String>> events(String path, @Nullable String lastEventId) {
		return this.client.get().uri(path).headers((headers) -> {
			if (lastEventId != null) {
				headers.set("Last-Event-ID", lastEventId);
			}
		})
			.accept(MediaType.TEXT_EVENT_STREAM)
			.exchange()
			.expectStatus()
			.isOk()
			.returnResult(new ParameterizedTypeReference<ServerSentEvent<String>>() {
			})
			.getResponseBody();
	}

	static int number(ServerSentEvent<String> reading) {
		return JsonPath.<Integer>read(reading.data(), "$.number");
	}

}

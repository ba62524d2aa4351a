package org.piswarm.consumer;

import java.time.Duration;

import mockwebserver3.MockResponse;
import mockwebserver3.QueueDispatcher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.piswarm.consumer.polling.Poller;
import org.piswarm.consumer.state.StateChanges;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

class ShutdownTests {

	private static final Duration LIMIT = Duration.ofSeconds(20);

	@RegisterExtension
	private final MockProducer producer = new MockProducer();

	private ConfigurableApplicationContext consumer;

	@BeforeEach
	void start() {
		QueueDispatcher dispatcher = new QueueDispatcher();
		dispatcher.setFailFast(new MockResponse.Builder().setHeader("Content-Type", "application/json")
			.body("{\"number\":80}")
			.build());
		this.producer.server().setDispatcher(dispatcher);
		this.consumer = SpringApplication.run(ConsumerApplication.class,
				"--PRODUCER_URL=" + this.producer.server().url("/number"), "--POLL_INTERVAL=1h", "--server.port=0");
	}

	@AfterEach
	void close() {
		this.consumer.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/api/readings", "/api/live" })
	void endsAllStreamsAndDoesNotWaitForTheirListeners(String path) {
		StepVerifier.create(data(path)).expectNextCount(1).then(() -> {
			long start = System.nanoTime();
			this.consumer.close();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
		}).thenConsumeWhile((event) -> true).expectComplete().verify(LIMIT);
	}

	/** As an operator's tool does that stops and starts an application's lifecycle. */
	@Test
	void streamsAgainAfterAStopAndAStart() {
		Poller poller = this.consumer.getBean(Poller.class);
		StateChanges changes = this.consumer.getBean(StateChanges.class);
		poller.stop();
		changes.stop();
		changes.start();
		poller.start();
		StepVerifier.create(data("/api/readings"))
			.expectNextCount(1)
			.then(() -> poller.poll().block(LIMIT))
			.expectNextCount(1)
			.thenCancel()
			.verify(LIMIT);
	}

	private Flux<String> data(String path) {
		String port = this.consumer.getEnvironment().getRequiredProperty("local.server.port");
		return WebClient.create("http://localhost:" + port)
			.get()
			.uri(path)
			.accept(MediaType.TEXT_EVENT_STREAM)
			.retrieve()
			.bodyToFlux(new ParameterizedTypeReference<ServerSentEvent<String>>() {
			})
			.mapNotNull(ServerSentEvent::data);
	}

}

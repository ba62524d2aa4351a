package org.piswarm.consumer;

import java.time.Duration;

import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;

class ShutdownTests {

	@RegisterExtension
	final MockProducer mock = new MockProducer();

	private final MockWebServer producer = this.mock.server();

	@Test
	void doesNotWaitForThoseWhoListenToTheFeed() {
		this.producer.enqueue(new MockResponse.Builder().setHeader("Content-Type", "application/json")
			.body("{\"number\":80}")
			.build());
		ConfigurableApplicationContext consumer = SpringApplication.run(ConsumerApplication.class,
				"--PRODUCER_URL=" + this.producer.url("/number"), "--POLL_INTERVAL=1h", "--server.port=0");
		Flux<String> events = WebTestClient.bindToServer()
			.baseUrl("http://localhost:" + consumer.getEnvironment().getRequiredProperty("local.server.port"))
			.build()
			.get()
			.uri("/api/readings")
			.exchange()
			.returnResult(String.class)
			.getResponseBody();
		StepVerifier.create(events).expectNextCount(1).then(() -> {
			long start = System.nanoTime();
			consumer.close();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
		}).expectComplete().verify(Duration.ofSeconds(20));
	}

}

package org.piswarm.producer;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class ShutdownTests {

	private static final Duration LIMIT = Duration.ofSeconds(8);

	private final HttpClient client = HttpClient.newHttpClient();

	@Test
	void answersAndAsksToCloseThenDrainsThenExits() throws Exception {
		ConfigurableApplicationContext context = new SpringApplicationBuilder(WithSlowEndpoint.class)
			.run("--server.port=0");
		String url = "http://localhost:" + context.getEnvironment().getRequiredProperty("local.server.port");
		SlowController slow = context.getBean(SlowController.class);
		Duration requests = context.getEnvironment()
			.getRequiredProperty("spring.lifecycle.timeout-per-shutdown-phase", Duration.class);
		assertThat(context.getBean(ProducerProperties.class).drainPeriod().plus(requests))
			.as("the longest shutdown, which Docker ends after 10 s")
			.isLessThan(Duration.ofSeconds(10));

		CompletableFuture<HttpResponse<String>> inFlight = this.client.sendAsync(request(url + "/slow"),
				BodyHandlers.ofString());
		assertThat(slow.arrived.await(10, TimeUnit.SECONDS)).isTrue();
		long start = System.nanoTime();
		CompletableFuture<Void> closed = CompletableFuture.runAsync(context::close);

		// Not ready, and still serving; each answer asks the client to close its
		// connection.
		await().atMost(LIMIT).until(() -> get(url + "/readyz").statusCode() == 503);
		HttpResponse<String> number = get(url + "/number");
		assertThat(number.statusCode()).isEqualTo(200);
		assertThat(number.headers().firstValue("Connection")).hasValue("close");

		// Accepts no new connection, and waits for the request in flight.
		await().atMost(LIMIT).until(() -> refuses(url));
		assertThat(inFlight).isNotDone();
		assertThat(closed).isNotDone();
		slow.release.tryEmitEmpty();
		assertThat(inFlight.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);

		closed.get(10, TimeUnit.SECONDS);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
	}

	@Test
	void doesNotWaitForARequestThatNeverEnds() throws Exception {
		ConfigurableApplicationContext context = new SpringApplicationBuilder(WithSlowEndpoint.class)
			.run("--server.port=0", "--producer.drain-period=0s", "--spring.lifecycle.timeout-per-shutdown-phase=1s");
		String url = "http://localhost:" + context.getEnvironment().getRequiredProperty("local.server.port");
		this.client.sendAsync(request(url + "/slow"), BodyHandlers.ofString());
		assertThat(context.getBean(SlowController.class).arrived.await(10, TimeUnit.SECONDS)).isTrue();

		long start = System.nanoTime();
		context.close();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> get(url + "/number"));
	}

	private HttpResponse<String> get(String url) throws IOException, InterruptedException {
		return this.client.send(request(url), BodyHandlers.ofString());
	}

	private static HttpRequest request(String url) {
		return HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(20)).build();
	}

	private boolean refuses(String url) throws Exception {
		try {
			get(url + "/number");
			return false;
		}
		catch (ConnectException ex) {
			return true;
		}
	}

	@Import({ ProducerApplication.class, SlowController.class })
	static class WithSlowEndpoint {

	}

	@RestController
	static class SlowController {

		private final CountDownLatch arrived = new CountDownLatch(1);

		private final Sinks.Empty<Void> release = Sinks.empty();

		@GetMapping("/slow")
		Mono<Void> slow() {
			this.arrived.countDown();
			return this.release.asMono();
		}

	}

}

package org.piswarm.consumer;

import java.net.ConnectException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.github.resilience4j.retry.RetryRegistry;
import io.micrometer.observation.ObservationRegistry;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/** Polls keep their pace, start to start, whatever the producer does. */
class PaceTests {

	@RegisterExtension
	final MockProducer mock = new MockProducer();

	private final MockWebServer producer = this.mock.server();

	@Test
	void isThreeSecondsInVirtualTime() {
		Script script = new Script(List.of(ok(), //
				status(503), status(503), status(503), //
				Mono.never(), Mono.never(), Mono.never(), //
				justInTime(), //
				status(404), //
				refused(), refused(), ok(), //
				Mono.never(), Mono.never(), justInTime(), //
				ok()));
		Stats stats = new Stats();
		Changes changes = new Changes();
		Settings settings = new Settings(URI.create("http://producer/number"), Duration.ofSeconds(3), 8080);
		Situation situation = new Situation(changes, Clock.systemUTC(), settings);
		RetryBudget budget = RetryBudget.within(settings.pollInterval());
		StepVerifier.withVirtualTime(() -> {
			ProducerClient client = new ProducerClient(
					WebClient.builder().exchangeFunction((r) -> script.next()).build(), settings,
					new ClientConfiguration().producerRetry(RetryRegistry.ofDefaults(), budget, stats, situation),
					budget, new NumberParser(), Clock.systemUTC());
			return new Poller(client, new Readings(changes), stats, situation, changes, ObservationRegistry.NOOP,
					settings)
				.loop();
		}).expectSubscription().thenAwait(Duration.ofMillis(21_500)).thenCancel().verify();

		assertThat(Stream.of(0, 1, 4, 7, 8, 9, 12, 15).map(script.starts::get)).containsExactly(0L, 3000L, 6000L, 9000L,
				12_000L, 15_000L, 18_000L, 21_000L);
		assertThat(script.starts).hasSize(16);
		assertThat(script.mostAtOnce).hasValue(1);
		assertThat(stats.snapshot().polls()).isEqualTo(8);
		assertThat(stats.snapshot().received()).isEqualTo(5);
		assertThat(stats.snapshot().failed()).isEqualTo(3);
		assertThat(stats.snapshot().retried()).isEqualTo(8);
		assertThat(stats.snapshot().skipped()).isZero();
	}

	@Test
	void isKeptAgainstARealProducer() throws Exception {
		MockResponse good = new MockResponse.Builder().setHeader("Content-Type", "application/json")
			.body("{\"number\":1}")
			.build();
		MockResponse bad = new MockResponse.Builder().code(503).build();
		MockResponse hanging = new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE).build();
		List<MockResponse> answers = List.of(good, bad, hanging, good, good);
		try (ConfigurableApplicationContext consumer = SpringApplication.run(ConsumerApplication.class,
				"--PRODUCER_URL=" + this.producer.url("/number"), "--server.port=0")) {
			Stats stats = consumer.getBean(Stats.class);
			// When the first attempt of each poll came.
			Map<Integer, Long> starts = new ConcurrentHashMap<>();
			CountDownLatch polled = new CountDownLatch(answers.size());
			this.producer.setDispatcher(new Dispatcher() {
				@Override
				public MockResponse dispatch(RecordedRequest request) {
					int poll = (int) stats.snapshot().polls();
					if (starts.putIfAbsent(poll, System.nanoTime()) == null) {
						polled.countDown();
					}
					return answers.get(Math.min(poll, answers.size()) - 1);
				}
			});
			assertThat(polled.await(60, TimeUnit.SECONDS)).isTrue();
			List<Map.Entry<Integer, Long>> polls = starts.entrySet()
				.stream()
				.sorted(Map.Entry.comparingByKey())
				.toList();
			Map.Entry<Integer, Long> first = polls.get(0);
			for (Map.Entry<Integer, Long> poll : polls) {
				// The pace does not drift: each poll is where it belongs, counted from
				// the
				// first.
				long expected = 3000L * (poll.getKey() - first.getKey());
				assertThat((poll.getValue() - first.getValue()) / 1_000_000).as("start of poll " + poll.getKey())
					.isBetween(expected - 1500, expected + 1500);
			}
			assertThat(stats.snapshot().failed()).isEqualTo(2);
		}
	}

	private static Mono<ClientResponse> ok() {
		return Mono.fromSupplier(() -> ClientResponse.create(HttpStatus.OK)
			.header("Content-Type", "application/json")
			.body("{\"number\":1}")
			.build());
	}

	private static Mono<ClientResponse> justInTime() {
		return Mono.defer(() -> ok().delayElement(Duration.ofMillis(699)));
	}

	private static Mono<ClientResponse> status(int code) {
		return Mono.fromSupplier(() -> ClientResponse.create(HttpStatus.valueOf(code)).build());
	}

	private static Mono<ClientResponse> refused() {
		return Mono.error(() -> new ConnectException("refused"));
	}

	/** What the producer answers, attempt by attempt, and when it was asked. */
	private static final class Script {

		private final List<Mono<ClientResponse>> answers;

		private final List<Long> starts = new ArrayList<>();

		private final AtomicInteger atOnce = new AtomicInteger();

		private final AtomicInteger mostAtOnce = new AtomicInteger();

		Script(List<Mono<ClientResponse>> answers) {
			this.answers = answers;
		}

		Mono<ClientResponse> next() {
			Mono<ClientResponse> answer = this.answers.get(this.starts.size());
			this.starts.add(Schedulers.parallel().now(TimeUnit.MILLISECONDS));
			return answer
				.doOnSubscribe((s) -> this.mostAtOnce.accumulateAndGet(this.atOnce.incrementAndGet(), Math::max))
				.doFinally((signal) -> this.atOnce.decrementAndGet());
		}

	}

}

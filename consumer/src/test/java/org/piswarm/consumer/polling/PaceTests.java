package org.piswarm.consumer.polling;

import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.piswarm.consumer.MockProducer;
import org.piswarm.consumer.state.PollCounts;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/** Polls keep their pace, start to start, whatever the producer does. */
@PollingTest
class PaceTests {

	@Autowired
	private WebClient client;

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
		TestPoller test = new TestPoller(WebClient.builder().exchangeFunction((request) -> script.next()).build(),
				"http://producer/number", Duration.ofSeconds(3));
		StepVerifier.withVirtualTime(() -> test.poller().loop())
			.expectSubscription()
			.thenAwait(Duration.ofMillis(21_500))
			.thenCancel()
			.verify();
		assertThat(Stream.of(0, 1, 4, 7, 8, 9, 12, 15).map(script.starts::get)).containsExactly(0L, 3000L, 6000L, 9000L,
				12_000L, 15_000L, 18_000L, 21_000L);
		assertThat(script.starts).hasSize(16);
		assertThat(script.mostAtOnce).hasValue(1);
		PollCounts.Snapshot counts = test.counts.snapshot();
		assertThat(counts.polls()).isEqualTo(8);
		assertThat(counts.received()).isEqualTo(5);
		assertThat(counts.failed()).isEqualTo(3);
		assertThat(counts.retried()).isEqualTo(8);
		assertThat(counts.skipped()).isZero();
	}

	/** In real time, against a producer that hangs. */
	@Test
	void isKeptAgainstARealProducer() throws Exception {
		MockResponse good = new MockResponse.Builder().setHeader("Content-Type", "application/json")
			.body("{\"number\":1}")
			.build();
		MockResponse bad = new MockResponse.Builder().code(503).build();
		MockResponse hanging = new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE).build();
		// The first poll is late while the client warms up.
		List<MockResponse> answers = List.of(good, good, bad, hanging, good, good);
		TestPoller test = new TestPoller(this.client, this.producer.url("/number").toString(), Duration.ofSeconds(1));
		// When the first attempt of each poll arrived.
		Map<Integer, Long> starts = new ConcurrentHashMap<>();
		CountDownLatch polled = new CountDownLatch(answers.size());
		this.producer.setDispatcher(new Dispatcher() {

			@Override
			public MockResponse dispatch(RecordedRequest request) {
				int poll = (int) test.counts.snapshot().polls();
				if (starts.putIfAbsent(poll, System.nanoTime()) == null) {
					polled.countDown();
				}
				return answers.get(Math.min(poll, answers.size()) - 1);
			}

		});
		Poller poller = test.poller();
		poller.start();
		assertThat(polled.await(60, TimeUnit.SECONDS)).isTrue();
		poller.stop();
		// The pace does not drift: each poll keeps its place, counted from the second.
		starts.remove(1);
		Map.Entry<Integer, Long> first = starts.entrySet().stream().min(Map.Entry.comparingByKey()).orElseThrow();
		starts.forEach((poll, start) -> {
			long expected = 1000L * (poll - first.getKey());
			assertThat((start - first.getValue()) / 1_000_000).as("start of poll %d in milliseconds", poll)
				.isBetween(expected - 900, expected + 900);
		});
		assertThat(test.counts.snapshot().failed()).isEqualTo(2);
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

	/** The answers to one attempt after another, and when each was asked for. */
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

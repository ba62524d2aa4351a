package org.piswarm.consumer.polling;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.QueueDispatcher;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okio.Buffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.piswarm.consumer.MockProducer;
import org.piswarm.consumer.state.PollCounts;
import org.piswarm.consumer.state.ProducerStatus.State;
import reactor.core.Disposable;
import reactor.netty.http.client.HttpClient;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Answers of all kinds: the line on the console, and the number of attempts. */
@PollingTest
class ProducerTroubleTests {

	private static final Duration LIMIT = Duration.ofSeconds(20);

	@RegisterExtension
	private final MockProducer mock = new MockProducer();

	private final MockWebServer producer = this.mock.server();

	@Autowired
	private WebClient client;

	private TestPoller test;

	@BeforeEach
	void makePoller() {
		this.test = new TestPoller(this.client, this.producer.url("/number").toString(), Duration.ofSeconds(3));
		// Long enough for any answer on a busy machine.
		this.test.budget = new RetryBudget(Duration.ofSeconds(5), Duration.ofMillis(20));
	}

	@Test
	void receivesANumber(CapturedOutput output) {
		this.producer.enqueue(json("{\"number\":73}").addHeader("X-Served-By", "producer-2@pi3").build());
		assertThat(this.test.poll(output)).singleElement().asString().endsWith(" INFO  Received number: 73");
		assertThat(this.test.counts.snapshot().replicas()).containsOnlyKeys("producer-2@pi3");
		assertThat(this.test.status.view().state()).isEqualTo(State.RECEIVING);
	}

	@Test
	void recoversFromASingle503(CapturedOutput output) {
		this.producer.enqueue(status(503).build());
		this.producer.enqueue(json("{\"number\":74}").build());
		assertThat(this.test.poll(output)).singleElement().asString().endsWith(" INFO  Received number: 74");
		assertThat(this.producer.getRequestCount()).isEqualTo(2);
		assertThat(this.test.counts.snapshot().retried()).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(ints = { 500, 502, 503, 504 })
	void retriesAServerError(int code, CapturedOutput output) {
		always(status(code));
		fails(output, "status " + code, 3);
	}

	@Test
	void retriesThroughAnotherConnection(CapturedOutput output) throws Exception {
		always(status(503).body("busy"));
		fails(output, "status 503", 3);
		Set<Integer> connections = new HashSet<>();
		for (int attempt = 1; attempt <= 3; attempt++) {
			RecordedRequest request = this.producer.takeRequest(1, TimeUnit.SECONDS);
			assertThat(request).isNotNull();
			connections.add(request.getConnectionIndex());
		}
		assertThat(connections).hasSize(3);
	}

	/** More than the pool's four connections. */
	@Test
	void keepsNoConnectionOfAnEndlessServerError(CapturedOutput output) {
		always(status(503).body(new Buffer().write(new byte[5_000_000])).throttleBody(1000, 50, TimeUnit.MILLISECONDS));
		for (int i = 0; i < 3; i++) {
			assertThat(this.test.poll(output)).singleElement().asString().contains("status 503");
		}
		assertThat(this.producer.getRequestCount()).isEqualTo(9);
	}

	/** Through a client of its own, so that it counts no other test's buffers. */
	@Test
	void releasesAllBuffers(CapturedOutput output) {
		// Netty's own pool does not tell a free buffer from a lost one.
		CountedMemory memory = new CountedMemory();
		TestPoller counted = new TestPoller(memory.client(this.test.budget), this.producer.url("/number").toString(),
				Duration.ofSeconds(3));
		for (MockResponse.Builder response : List.of(json("{\"number\":75}"), json(""), json("<h1>73</h1>"),
				json(" ".repeat(5_000)), status(404).body("not here"), status(503).body("busy"),
				json("{\"number\":75}").onResponseBody(new SocketEffect.CloseSocket()))) {
			always(response);
			assertThat(counted.poll(output)).hasSize(1);
		}
		always(json("{\"number\":75}").throttleBody(1, 200, TimeUnit.MILLISECONDS));
		Disposable poll = counted.poller().poll().subscribe();
		await("bytes that wait for the others").atMost(LIMIT).until(() -> memory.usedBytes() > 0);
		await("the end of the poll").atMost(LIMIT).until(poll::isDisposed);
		await("all released").atMost(LIMIT).until(() -> memory.usedBytes() == 0);
	}

	@Test
	void retriesWhenHeadersAreSlow(CapturedOutput output) {
		giveUpAfter300Ms();
		always(json("{\"number\":75}").headersDelay(5, TimeUnit.SECONDS));
		fails(output, "no answer within 300 ms", 3);
	}

	@Test
	void retriesWhenTheBodyTrickles(CapturedOutput output) {
		giveUpAfter300Ms();
		always(json("{\"number\":75}").throttleBody(1, 200, TimeUnit.MILLISECONDS));
		fails(output, "no answer within 300 ms", 3);
	}

	@Test
	void retriesWithoutAnAnswer(CapturedOutput output) {
		giveUpAfter300Ms();
		always(json("").onResponseStart(SocketEffect.Stall.INSTANCE));
		fails(output, "no answer within 300 ms", 3);
	}

	@Test
	void retriesWhenTheConnectionIsClosedBeforeTheAnswer(CapturedOutput output) {
		always(json("").onResponseStart(new SocketEffect.CloseSocket()));
		fails(output, "connection closed before the answer was complete", 3);
	}

	@Test
	void retriesWhenTheBodyIsCutShort(CapturedOutput output) {
		always(json("{\"number\":75}").onResponseBody(new SocketEffect.CloseSocket()));
		fails(output, "connection closed before the answer was complete", 3);
	}

	/** Answers that arrive at the moment of the timeout. */
	@Test
	void printsOnlyItsOwnLinesForLateAnswers(CapturedOutput output) {
		this.test.budget = new RetryBudget(Duration.ofMillis(60), Duration.ofMillis(5));
		this.producer.setDispatcher(new Dispatcher() {

			@Override
			public MockResponse dispatch(RecordedRequest request) {
				int delay = 52 + ProducerTroubleTests.this.producer.getRequestCount() % 10;
				return json("{\"number\":1}").headersDelay(delay, TimeUnit.MILLISECONDS).build();
			}

		});
		for (int i = 0; i < 40; i++) {
			assertThat(this.test.poll(output)).filteredOn((line) -> !line.contains("MockWebServer"))
				.allMatch((line) -> line.contains(" INFO  Received number: ")
						|| line.contains(" ERROR Error fetching the number: no answer within 60 ms ("));
		}
		assertThat(this.test.counts.snapshot().retried()).isPositive();
	}

	@ParameterizedTest
	@ValueSource(ints = { 301, 302, 307, 400, 404, 418, 429 })
	void doesNotRetryARefusal(int code, CapturedOutput output) {
		always(status(code).addHeader("Location", "/elsewhere"));
		fails(output, "status " + code, 1);
		assertThat(this.test.status.view().state()).isEqualTo(State.REFUSED);
	}

	/** NumberParserTests has more of them. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			``                | the answer is empty
			{"number":        | the answer is not JSON
			{"number":181}    | "number" is not from 1 to 180
			""")
	void doesNotRetryAnAnswerOutsideTheContract(String body, String reason, CapturedOutput output) {
		always(json(body));
		isInvalid(output, reason);
	}

	@Test
	void doesNotRetryNoContent(CapturedOutput output) {
		always(status(204));
		isInvalid(output, "the answer is empty");
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/html", "???" })
	void doesNotRetryAnotherContentType(String type, CapturedOutput output) {
		always(new MockResponse.Builder().setHeader("Content-Type", type).body("{\"number\":73}"));
		isInvalid(output, "the answer is not JSON");
	}

	@Test
	void doesNotRetryALargeBody(CapturedOutput output) {
		always(json("{\"number\":73}" + " ".repeat(5_000_000)));
		isInvalid(output, "the answer is over 1 KiB");
	}

	@Test
	void doesNotRetryAnEndlessBody(CapturedOutput output) {
		// Chunks of unknown number, 5 MB each half second.
		always(new MockResponse.Builder().setHeader("Content-Type", "application/json")
			.chunkedBody(new Buffer().write(new byte[50_000_000]), 1000)
			.throttleBody(5_000_000, 500, TimeUnit.MILLISECONDS));
		isInvalid(output, "the answer is over 1 KiB");
	}

	@Test
	void refusesAReplicaNameThatCouldChangeALogOrAPage(CapturedOutput output) {
		this.producer.enqueue(json("{\"number\":73}").addHeader("X-Served-By", "<script>alert(1)</script>").build());
		this.test.poll(output);
		assertThat(this.test.counts.snapshot().replicas()).containsOnlyKeys("unknown");
	}

	/** So that three attempts take less time than in production. */
	private void giveUpAfter300Ms() {
		this.test.budget = new RetryBudget(Duration.ofMillis(300), Duration.ofMillis(20));
	}

	private void fails(CapturedOutput output, String reason, int attempts) {
		assertThat(this.test.poll(output)).singleElement()
			.asString()
			.endsWith(" ERROR Error fetching the number: %s (%s, %d %s)".formatted(reason, this.producer.url("/number"),
					attempts, (attempts == 1) ? "attempt" : "attempts"));
		assertThat(this.producer.getRequestCount()).isEqualTo(attempts);
	}

	private void isInvalid(CapturedOutput output, String reason) {
		fails(output, reason, 1);
		PollCounts.Snapshot counts = this.test.counts.snapshot();
		assertThat(counts.invalid()).isEqualTo(1);
		assertThat(counts.polls()).isEqualTo(1);
		assertThat(counts.failed()).isZero();
	}

	private void always(MockResponse.Builder response) {
		QueueDispatcher dispatcher = new QueueDispatcher();
		dispatcher.setFailFast(response.build());
		this.producer.setDispatcher(dispatcher);
	}

	private static MockResponse.Builder status(int code) {
		return new MockResponse.Builder().code(code);
	}

	private static MockResponse.Builder json(String body) {
		return new MockResponse.Builder().setHeader("Content-Type", "application/json").body(body);
	}

	/** The memory of one client's buffers. */
	private static final class CountedMemory {

		private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);

		WebClient client(RetryBudget budget) {
			HttpClient http = ProducerClientConfiguration.limit(
					HttpClient.create(
							ProducerClientConfiguration.connections(Duration.ofSeconds(20), Duration.ofSeconds(60))),
					budget, Duration.ofSeconds(10), (names) -> {
					});
			return new ProducerClientConfiguration().producer(WebClient.builder()
				.clientConnector(new ReactorClientHttpConnector(http.option(ChannelOption.ALLOCATOR, this.allocator))));
		}

		long usedBytes() {
			return this.allocator.metric().usedDirectMemory() + this.allocator.metric().usedHeapMemory();
		}

	}

}

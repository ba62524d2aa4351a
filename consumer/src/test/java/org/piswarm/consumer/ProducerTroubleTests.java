package org.piswarm.consumer;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.QueueDispatcher;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okio.Buffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.netty.http.client.HttpClient;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * All that a producer can do to the consumer, with what the console then shows and how
 * often the producer was asked. The loop polls once an hour; the tests poll by hand.
 */
@DirtiesContext // Contexts that live side by side share Netty's threads, which the first
				// to close takes along.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "POLL_INTERVAL=1h")
@ExtendWith(OutputCaptureExtension.class)
class ProducerTroubleTests {

	private static final MockWebServer producer = new MockWebServer();

	/** Not Netty's pool, which does not tell a free buffer from a lost one. */
	private static final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);

	@Autowired
	private Poller poller;

	@Autowired
	private Stats stats;

	@DynamicPropertySource
	static void startProducer(DynamicPropertyRegistry registry) throws IOException {
		// For the loop's own first poll.
		always(json("{\"number\":1}"));
		producer.start();
		registry.add("PRODUCER_URL", () -> producer.url("/number").toString());
	}

	@AfterAll
	static void stopProducer() {
		MockProducer.close(producer);
	}

	/** How much the console held before the test. */
	private int printed;

	private Stats.Snapshot before = new Stats().snapshot();

	@BeforeEach
	void forgetWhatWasBefore(CapturedOutput output) throws InterruptedException {
		await().atMost(Duration.ofSeconds(20)).until(() -> this.stats.snapshot().received() > 0);
		while (producer.takeRequest(10, TimeUnit.MILLISECONDS) != null) {
			// One that an earlier test caused.
		}
		producer.setDispatcher(new QueueDispatcher());
		this.printed = output.getAll().length();
		this.before = this.stats.snapshot();
	}

	@Test
	void receivesANumber(CapturedOutput output) {
		producer.enqueue(json("{\"number\":73}").addHeader("X-Served-By", "producer-2@pi3").build());
		poll();
		assertThat(lines(output)).singleElement().asString().endsWith(" INFO  Received number: 73");
		assertThat(attempts()).isEqualTo(1);
		assertThat(this.stats.snapshot().replicas()).containsKey("producer-2@pi3");
	}

	@Test
	void recoversFromASingle503(CapturedOutput output) {
		producer.enqueue(status(503).build());
		producer.enqueue(json("{\"number\":74}").build());
		poll();
		assertThat(lines(output)).singleElement().asString().endsWith(" INFO  Received number: 74");
		assertThat(attempts()).isEqualTo(2);
		assertThat(this.stats.snapshot().retried()).isEqualTo(this.before.retried() + 1);
	}

	@ParameterizedTest
	@ValueSource(ints = { 500, 502, 503, 504 })
	void retriesAServerError(int code, CapturedOutput output) {
		always(status(code));
		poll();
		failed(output, "status " + code, 3);
	}

	@Test
	void retriesThroughAnotherConnection() throws Exception {
		always(status(503).body("busy"));
		poll();
		Set<Integer> connections = new HashSet<>();
		for (int attempt = 1; attempt <= 3; attempt++) {
			RecordedRequest request = producer.takeRequest(1, TimeUnit.SECONDS);
			assertThat(request).isNotNull();
			connections.add(request.getConnectionIndex());
		}
		assertThat(connections).hasSize(3);
	}

	@Test
	void leavesNoConnectionBehindAfterManyFailures(CapturedOutput output) {
		always(status(503).body(new Buffer().write(new byte[5_000_000])).throttleBody(1000, 50, TimeUnit.MILLISECONDS));
		for (int i = 0; i < 5; i++) {
			poll();
		}
		assertThat(lines(output)).hasSize(5).allMatch((line) -> line.contains("status 503"));
	}

	@Test
	void leavesNoBufferBehind(CapturedOutput output) {
		for (MockResponse.Builder response : List.of(json("{\"number\":75}"), json(""), json("<h1>73</h1>"),
				json(" ".repeat(5_000)), status(404).body("not here"), status(503).body("busy"),
				json("{\"number\":75}").onResponseBody(new SocketEffect.CloseSocket()))) {
			always(response);
			poll();
		}
		always(json("{\"number\":75}").throttleBody(1, 300, TimeUnit.MILLISECONDS));
		Disposable poll = this.poller.poll().subscribe();
		await("bytes that wait for the others").atMost(Duration.ofSeconds(5)).until(() -> usedMemory() > 0);
		await("the end").atMost(Duration.ofSeconds(20)).until(poll::isDisposed);
		assertThat(lines(output)).hasSize(8);
		await("all released").atMost(Duration.ofSeconds(5)).untilAsserted(() -> assertThat(usedMemory()).isZero());
	}

	@Test
	void retriesAServerErrorWithoutReadingItsEndlessBody(CapturedOutput output) {
		always(status(503).body(new Buffer().write(new byte[5_000_000])).throttleBody(1000, 50, TimeUnit.MILLISECONDS));
		poll();
		failed(output, "status 503", 3);
	}

	@Test
	void retriesWhenHeadersAreSlow(CapturedOutput output) {
		always(json("{\"number\":75}").headersDelay(5, TimeUnit.SECONDS));
		poll();
		failed(output, "no answer within 700 ms", 3);
	}

	@Test
	void retriesWhenTheBodyTrickles(CapturedOutput output) {
		always(json("{\"number\":75}").throttleBody(1, 300, TimeUnit.MILLISECONDS));
		poll();
		failed(output, "no answer within 700 ms", 3);
	}

	@Test
	void retriesWhenTheProducerSaysNothing(CapturedOutput output) {
		always(json("").onResponseStart(SocketEffect.Stall.INSTANCE));
		poll();
		failed(output, "no answer within 700 ms", 3);
	}

	@Test
	void retriesWhenTheConnectionIsClosedBeforeTheAnswer(CapturedOutput output) {
		always(json("").onResponseStart(new SocketEffect.CloseSocket()));
		poll();
		failed(output, "connection closed before the answer was complete", 3);
	}

	@Test
	void retriesWhenTheBodyIsCutShort(CapturedOutput output) {
		always(json("{\"number\":75}").onResponseBody(new SocketEffect.CloseSocket()));
		poll();
		failed(output, "connection closed before the answer was complete", 3);
	}

	@ParameterizedTest
	@ValueSource(ints = { 301, 302, 307, 400, 404, 418, 429 })
	void takesARefusalAsFinal(int code, CapturedOutput output) {
		always(status(code).addHeader("Location", "/elsewhere"));
		poll();
		failed(output, "status " + code, 1);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			``                | the answer is empty
			<h1>73</h1>       | the answer is not JSON
			{"number":        | the answer is not JSON
			{}                | the answer has no "number"
			{"number":"73"}   | "number" is not an integer
			{"number":73.5}   | "number" is not an integer
			{"number":0}      | "number" is not from 1 to 180
			{"number":181}    | "number" is not from 1 to 180
			""")
	void takesAnAnswerThatIsNotTheContractAsFinal(String body, String reason, CapturedOutput output) {
		always(json(body));
		poll();
		invalid(output, reason);
	}

	@Test
	void takesNoContentAsFinal(CapturedOutput output) {
		always(status(204));
		poll();
		invalid(output, "the answer is empty");
	}

	@Test
	void takesHtmlAsFinal(CapturedOutput output) {
		always(new MockResponse.Builder().setHeader("Content-Type", "text/html").body("{\"number\":73}"));
		poll();
		invalid(output, "the answer is not JSON");
	}

	@Test
	void takesAContentTypeThatIsNoneAsFinal(CapturedOutput output) {
		always(new MockResponse.Builder().setHeader("Content-Type", "???").body("{\"number\":73}"));
		poll();
		invalid(output, "the answer is not JSON");
	}

	@Test
	void takesDeeplyNestedJsonAsFinal(CapturedOutput output) {
		always(json("[".repeat(1000)));
		poll();
		invalid(output, "the answer is not JSON");
	}

	@Test
	void takesALargeBodyAsFinal(CapturedOutput output) {
		always(json("{\"number\":73}" + " ".repeat(5_000_000)));
		poll();
		invalid(output, "the answer is over 1 KiB");
	}

	@Test
	void takesAnEndlessBodyAsFinal(CapturedOutput output) {
		// Chunks of unknown number, 5 MB each half second.
		always(new MockResponse.Builder().setHeader("Content-Type", "application/json")
			.chunkedBody(new Buffer().write(new byte[50_000_000]), 1000)
			.throttleBody(5_000_000, 500, TimeUnit.MILLISECONDS));
		poll();
		invalid(output, "the answer is over 1 KiB");
	}

	@Test
	void trustsNoNameThatCouldSpoilALog() {
		producer.enqueue(json("{\"number\":73}").addHeader("X-Served-By", "<script>alert(1)</script>").build());
		poll();
		assertThat(this.stats.snapshot().replicas()).containsKey("unknown")
			.doesNotContainKey("<script>alert(1)</script>");
	}

	private static long usedMemory() {
		return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
	}

	private void poll() {
		this.poller.poll().block(Duration.ofSeconds(20));
	}

	private void failed(CapturedOutput output, String reason, int attempts) {
		assertThat(lines(output)).singleElement()
			.asString()
			.endsWith(" ERROR Error fetching the number: %s (%s, %d attempt%s)".formatted(reason,
					producer.url("/number"), attempts, (attempts == 1) ? "" : "s"));
		assertThat(attempts()).isEqualTo(attempts);
	}

	private void invalid(CapturedOutput output, String reason) {
		failed(output, reason, 1);
		Stats.Snapshot counts = this.stats.snapshot();
		assertThat(counts.invalid()).isEqualTo(this.before.invalid() + 1);
		assertThat(counts.failed()).isEqualTo(this.before.failed());
		assertThat(counts.polls()).isEqualTo(counts.received() + counts.failed() + counts.invalid());
	}

	private List<String> lines(CapturedOutput output) {
		return output.getAll().substring(this.printed).lines().toList();
	}

	private static int attempts() {
		int attempts = 0;
		try {
			for (@Nullable
			RecordedRequest request = producer.takeRequest(1, TimeUnit.SECONDS); request != null; //
					request = producer.takeRequest(100, TimeUnit.MILLISECONDS)) {
				attempts++;
			}
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
		return attempts;
	}

	private static void always(MockResponse.Builder response) {
		QueueDispatcher dispatcher = new QueueDispatcher();
		dispatcher.setFailFast(response.build());
		producer.setDispatcher(dispatcher);
	}

	private static MockResponse.Builder status(int code) {
		return new MockResponse.Builder().code(code);
	}

	private static MockResponse.Builder json(String body) {
		return new MockResponse.Builder().setHeader("Content-Type", "application/json").body(body);
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class CountedBuffers {

		/** Counts the memory that the client under test uses, and no other. */
		@Bean
		static BeanPostProcessor countBuffers() {
			return new BeanPostProcessor() {

				@Override
				public Object postProcessAfterInitialization(Object bean, String name) {
					return (bean instanceof HttpClient client) ? client.option(ChannelOption.ALLOCATOR, allocator)
							: bean;
				}

			};
		}

	}

}

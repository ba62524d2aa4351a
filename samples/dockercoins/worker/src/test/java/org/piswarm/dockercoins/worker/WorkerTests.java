package org.piswarm.dockercoins.worker;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okio.Buffer;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.piswarm.testsupport.Cable;
import org.piswarm.testsupport.FreePort;
import org.piswarm.testsupport.RedisServer;
import org.piswarm.testsupport.TestApplication;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The worker next to a real Redis, and an rng and a hasher that answer at once. */
@EnabledIf(value = "org.piswarm.testsupport.RedisServer#isInstalled", disabledReason = "redis-server is not installed")
@Tag("slow")
@Execution(ExecutionMode.CONCURRENT)
class WorkerTests {

	private static final String COIN = "0" + "a".repeat(63);

	private static final String OTHER = "1" + "b".repeat(63);

	private final MockWebServer rng = new MockWebServer();

	private final MockWebServer hasher = new MockWebServer();

	private final AtomicInteger hashed = new AtomicInteger();

	private final Set<Integer> rngConnections = ConcurrentHashMap.newKeySet();

	private volatile IntFunction<MockResponse> randomBytes = (number) -> bytes(32, number);

	private volatile IntFunction<MockResponse> hash = (number) -> text(OTHER);

	private RedisServer redis;

	private Cable cable;

	@BeforeEach
	void startTheOthers() throws IOException {
		this.redis = new RedisServer();
		this.cable = new Cable(this.redis.port());
		this.rng.setDispatcher(new Dispatcher() {

			private final AtomicInteger requests = new AtomicInteger();

			@Override
			public MockResponse dispatch(RecordedRequest request) {
				WorkerTests.this.rngConnections.add(request.getConnectionIndex());
				return request.getTarget().equals("/32")
						? WorkerTests.this.randomBytes.apply(this.requests.incrementAndGet())
						: new MockResponse.Builder().code(404).build();
			}

		});
		this.hasher.setDispatcher(new Dispatcher() {

			@Override
			public MockResponse dispatch(RecordedRequest request) {
				boolean right = "POST".equals(request.getMethod()) && request.getBodySize() == 32;
				return right ? WorkerTests.this.hash.apply(WorkerTests.this.hashed.incrementAndGet())
						: new MockResponse.Builder().code(400).build();
			}

		});
		this.rng.start();
		this.hasher.start();
	}

	@AfterEach
	void stopTheOthers() throws Exception {
		this.cable.close();
		this.redis.close();
		this.rng.close();
		this.hasher.close();
	}

	private static MockResponse bytes(int count, int fill) {
		return new MockResponse.Builder().body(new Buffer().write(filled(count, fill)))
			.setHeader("Content-Type", "application/octet-stream")
			.build();
	}

	private static byte[] filled(int count, int fill) {
		byte[] bytes = new byte[count];
		Arrays.fill(bytes, (byte) fill);
		return bytes;
	}

	private static MockResponse text(String text) {
		return new MockResponse.Builder().body(text).setHeader("Content-Type", "text/plain").build();
	}

	private TestApplication worker(String... more) {
		String[] arguments = { "--RNG_URL=http://127.0.0.1:" + this.rng.getPort(),
				"--HASHER_URL=http://127.0.0.1:" + this.hasher.getPort(), "--REDIS_URL=" + this.redis.url(),
				"--worker.pause-after-error=1s" };
		// The last of two that set the same counts.
		Map<String, String> settings = new LinkedHashMap<>();
		Stream.of(arguments, more).flatMap(Stream::of).forEach((each) -> settings.put(each.split("=")[0], each));
		return new TestApplication(WorkerApplication.class, settings.values().toArray(String[]::new));
	}

	@Test
	void countsHashesAndKeepsCoins() throws Exception {
		// 255 is no UTF-8: the bytes must arrive as they are.
		this.randomBytes = (number) -> bytes(32, (number == 2) ? 255 : number);
		this.hash = (number) -> text((number == 2) ? COIN : OTHER);
		Counter loops;
		try (TestApplication worker = worker()) {
			loops = counter(worker, "worker.loops");
			withinAMinute(() -> assertThat(this.redis.count("hashes")).isGreaterThanOrEqualTo(10));
			assertThat(this.redis.ask("HLEN", "wallet")).isEqualTo("1");
			assertThat(this.redis.ask("HGET", "wallet", COIN))
				.isEqualTo(new String(filled(32, 255), StandardCharsets.ISO_8859_1));
			assertThat(this.redis.count("hashes")).isLessThanOrEqualTo(this.hashed.get());
			// Swarm distributes connections.
			assertThat(this.rngConnections.size()).isGreaterThanOrEqualTo(10);
			assertThat(this.redis.ask("EXISTS", "failure")).isEqualTo("0");
		}
		// What it had not reported when it was stopped.
		assertThat(this.redis.count("hashes")).isEqualTo((long) loops.count());
		// Except for a loop that the stop has ended.
		assertThat(this.hashed.get() - loops.count()).isBetween(0.0, 1.0);
	}

	/** Only one test of this class captures output, because two cannot do it at once. */
	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void namesTheServiceThatFailedAndWaitsAndGoesOn(CapturedOutput output) throws Exception {
		try (TestApplication worker = worker()) {
			withinAMinute(() -> assertThat(this.redis.count("hashes")).isPositive());
			this.randomBytes = (number) -> new MockResponse.Builder().code(503).build();
			failure("rng: status 503", output);
			this.randomBytes = (number) -> bytes(31, 1);
			failure("rng: the answer does not have 32 bytes", output);
			this.randomBytes = (number) -> bytes(2000, 1);
			failure("rng: the answer is too long", output);
			this.randomBytes = (number) -> bytes(32, 1);
			this.hash = (number) -> text("no hash");
			failure("hasher: the answer is not a SHA-256", output);
			this.hash = (number) -> text(OTHER);
			this.hasher.close();
			failure("hasher: connection refused", output);
		}
	}

	/** In its log, and for the page in Redis. What was counted before is not lost. */
	private void failure(String text, CapturedOutput output) {
		withinAMinute(
				() -> assertThat(output.getOut()).contains("ERROR " + text + "; the next attempt follows in 1 s"));
		withinAMinute(() -> assertThat(this.redis.ask("GET", "failure")).startsWith(text + " (worker on "));
	}

	@Test
	void forgetsAFailureThatIsOver() {
		// Not the status that another test looks for in the output of all.
		this.randomBytes = (number) -> new MockResponse.Builder().code(500).build();
		try (TestApplication worker = worker()) {
			withinAMinute(() -> assertThat(this.redis.ask("EXISTS", "failure")).isEqualTo("1"));
			this.randomBytes = (number) -> bytes(32, 1);
			withinAMinute(() -> assertThat(this.redis.count("hashes")).isPositive());
			withinAMinute(() -> assertThat(this.redis.ask("EXISTS", "failure")).isEqualTo("0"));
		}
	}

	/** With a client that repeats commands after a failure, the counts are too high. */
	@Test
	void neverCountsTwiceWhenAnswersAreLost() throws Exception {
		Counter loops;
		try (TestApplication worker = worker("--REDIS_URL=redis://127.0.0.1:" + this.cable.port())) {
			loops = counter(worker, "worker.loops");
			withinAMinute(() -> assertThat(this.redis.count("hashes")).isPositive());
			for (int times = 1; times <= 2; times++) {
				this.cable.loseAnswers(true);
				double lost = meter(worker, "worker.hashes.perhaps.lost");
				withinAMinute(() -> assertThat(meter(worker, "worker.hashes.perhaps.lost")).isGreaterThan(lost));
				this.cable.loseAnswers(false);
				this.cable.breakConnections();
				long before = this.redis.count("hashes");
				withinAMinute(() -> assertThat(this.redis.count("hashes")).isGreaterThan(before));
				assertThat(this.redis.count("hashes")).isLessThanOrEqualTo((long) loops.count());
			}
		}
		assertThat(this.redis.count("hashes")).isEqualTo((long) loops.count());
	}

	@Test
	void losesAtMostASecondOfCountsWhenRedisIsKilled() throws Exception {
		try (TestApplication worker = worker()) {
			for (int times = 1; times <= 2; times++) {
				double failures = meter(worker, "worker.failures");
				long before = this.redis.count("hashes");
				withinAMinute(() -> assertThat(this.redis.count("hashes")).isGreaterThan(before + 3));
				this.redis.kill();
				withinAMinute(() -> assertThat(meter(worker, "worker.failures")).isGreaterThan(failures + 1));
				// What it makes without Redis would only be more to lose.
				double made = meter(worker, "worker.loops");
				withinAMinute(() -> assertThat(meter(worker, "worker.failures")).isGreaterThan(failures + 3));
				assertThat(meter(worker, "worker.loops")).isEqualTo(made);
				this.redis.startAgain();
			}
			long before = this.redis.count("hashes");
			withinAMinute(() -> assertThat(this.redis.count("hashes")).isGreaterThan(before));
		}
		// A loop takes 0.1 s here; each kill may cost the loops of a second.
		assertThat(this.redis.count("hashes")).isBetween(this.hashed.get() - 2 * 10L, (long) this.hashed.get());
	}

	@Test
	void goesOnAfterARedisThatWasSilent() throws Exception {
		try (TestApplication worker = worker()) {
			withinAMinute(() -> assertThat(this.redis.count("hashes")).isPositive());
			this.redis.pause(true);
			withinAMinute(() -> assertThat(meter(worker, "worker.failures")).isGreaterThan(2));
			this.redis.pause(false);
			long before = this.redis.count("hashes");
			withinAMinute(() -> assertThat(this.redis.count("hashes")).isGreaterThan(before));
			// Those that Redis has answered too late are closed. The second one asks.
			withinAMinute(() -> assertThat(String.valueOf(this.redis.ask("CLIENT", "LIST")).lines()).hasSize(2));
		}
		assertThat(this.redis.count("hashes")).isLessThanOrEqualTo(this.hashed.get());
	}

	/** In containers, all start at once. */
	@Test
	void waitsForARedisThatStartsLater() throws Exception {
		this.redis.kill();
		try (TestApplication worker = worker()) {
			this.redis.startAgain();
			withinAMinute(() -> assertThat(this.redis.count("hashes")).isPositive());
		}
	}

	/** Spring waits 6 s for it, then Redis is closed. */
	@Test
	void reportsWhatItHasCountedAlsoIfRngDoesNotAnswer() throws Exception {
		Counts counts = stopWithLoopsThatAreNotReported(() -> {
		});
		assertThat(this.redis.count("hashes")).isEqualTo((long) counts.loops.count());
	}

	@Test
	void countsWhatItCouldNotReportWhenItStopped() throws Exception {
		Counts counts = stopWithLoopsThatAreNotReported(this.redis::kill);
		this.redis.startAgain();
		assertThat(this.redis.count("hashes") + counts.perhapsLost.count()).isEqualTo(counts.loops.count());
	}

	private record Counts(Counter loops, Counter perhapsLost) {

	}

	private Counts stopWithLoopsThatAreNotReported(Event before) throws Exception {
		// The first is reported at once, because the start took longer than a second.
		this.randomBytes = (number) -> (number <= 4) ? bytes(32, number)
				: new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE).build();
		Counts counts;
		long start;
		try (TestApplication worker = worker()) {
			counts = new Counts(counter(worker, "worker.loops"), counter(worker, "worker.hashes.perhaps.lost"));
			withinAMinute(() -> assertThat(counts.loops.count()).isEqualTo(4));
			before.happens();
			start = System.nanoTime();
		}
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
		return counts;
	}

	/** What a test does before the worker stops. */
	private interface Event {

		void happens() throws Exception;

	}

	/** Or Swarm would restart the workers because rng is down. */
	@Test
	void isAliveWhileItWaitsAndStopsAtOnce() throws Exception {
		int port = FreePort.find();
		long start;
		try (TestApplication worker = worker("--RNG_URL=http://127.0.0.1:" + port, "--worker.pause-after-error=10s")) {
			await().atMost(Duration.ofMinutes(1)).until(() -> {
				assertThat(livez(worker)).isEqualTo(200);
				return meter(worker, "worker.failures") >= 2;
			});
			withinAMinute(() -> assertThat(this.redis.ask("GET", "failure")).startsWith("rng: connection refused"));
			start = System.nanoTime();
		}
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
	}

	@Test
	void isNotAliveIfALoopDoesNotEnd() {
		this.randomBytes = (number) -> new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE).build();
		try (TestApplication worker = worker("--worker.stuck-after=2s")) {
			withinAMinute(() -> assertThat(livez(worker)).isEqualTo(503));
			this.randomBytes = (number) -> bytes(32, number);
			withinAMinute(() -> assertThat(livez(worker)).isEqualTo(200));
		}
	}

	private static int livez(TestApplication worker) throws Exception {
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create(worker.url() + "/livez")).timeout(Duration.ofSeconds(10)).build(),
					BodyHandlers.discarding())
			.statusCode();
	}

	private static double meter(TestApplication worker, String name) {
		return counter(worker, name).count();
	}

	private static Counter counter(TestApplication worker, String name) {
		return worker.bean(MeterRegistry.class).get(name).counter();
	}

	private static void withinAMinute(ThrowingRunnable assertion) {
		await().atMost(Duration.ofMinutes(1)).ignoreExceptions().untilAsserted(assertion);
	}

}

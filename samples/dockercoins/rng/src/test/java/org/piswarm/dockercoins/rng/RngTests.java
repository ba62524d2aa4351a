package org.piswarm.dockercoins.rng;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.piswarm.testsupport.RawConnection;
import org.piswarm.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@Tag("slow")
class RngTests {

	private static final HttpClient client = HttpClient.newHttpClient();

	private static TestApplication rng;

	@BeforeAll
	static void start() {
		rng = start(1);
	}

	@AfterAll
	static void stop() {
		rng.close();
	}

	private static TestApplication start(int concurrency) {
		return new TestApplication(RngApplication.class, "--rng.concurrency=" + concurrency);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 32, 1024, 1025, 1024 * 1024 })
	void answersWithAsManyRandomBytes(int count) throws Exception {
		long start = System.nanoTime();
		HttpResponse<byte[]> answer = get("/" + count);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(100));
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/octet-stream");
		assertThat(answer.headers().firstValueAsLong("Content-Length")).hasValue(count);
		assertThat(answer.body()).hasSize(count);
		if (count >= 32) {
			assertThat(get("/" + count).body()).isNotEqualTo(answer.body());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "-1", "1048577", "99999999999", "many", "1.5" })
	void refusesOtherCounts(String count) throws Exception {
		HttpResponse<byte[]> answer = get("/" + count);
		assertThat(answer.statusCode()).isEqualTo(400);
		assertThat(new String(answer.body()))
			.contains("/%s is not allowed: ask for 1 to 1048576 bytes, such as /32".formatted(count));
	}

	@Test
	void saysInOneLineWhereItRuns() throws Exception {
		assertThat(new String(get("/").body())).matches("rng runs on \\S+\\n");
	}

	/** So that 5 workers get no more than 10 hashes per second. */
	@Test
	void worksOnOneRequestAtATime() throws Exception {
		assertThat(timeOf(5, rng)).isGreaterThanOrEqualTo(Duration.ofMillis(500));
	}

	@Test
	void worksOnSeveralRequestsIfItMay() throws Exception {
		try (TestApplication wide = start(50)) {
			get("/32", wide);
			assertThat(timeOf(50, wide)).isLessThan(Duration.ofSeconds(3));
		}
	}

	/** A client that leaves while its request waits must not delay the others. */
	@Test
	void forgetsRequestsWhoseClientsHaveLeft() throws Exception {
		for (int i = 0; i < 100; i++) {
			try (RawConnection connection = new RawConnection(rng.port())) {
				connection.send("GET /32 HTTP/1.1\r\nHost: rng\r\n\r\n");
			}
		}
		long start = System.nanoTime();
		assertThat(get("/32").statusCode()).isEqualTo(200);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
	}

	@Test
	void isAliveAndHasMetrics() throws Exception {
		assertThat(get("/livez").statusCode()).isEqualTo(200);
		assertThat(get("/readyz").statusCode()).isEqualTo(200);
		get("/32");
		assertThat(new String(get("/actuator/prometheus").body()))
			.containsPattern("http_server_requests_seconds_bucket\\{.*uri=\"/\\{count}\".*le=\"0.15\"");
	}

	/** A request in progress is answered before the port closes for good. */
	@Test
	void finishesWhatItHasBegunWhenItStops() throws Exception {
		TestApplication stopped = start(1);
		get("/32", stopped);
		List<CompletableFuture<HttpResponse<byte[]>>> answers = requests(5, stopped);
		await().pollInterval(Duration.ofMillis(10)).until(() -> arrived(stopped), (arrived) -> arrived == 6);
		stopped.close();
		assertThat(answers).allMatch((answer) -> answer.join().statusCode() == 200);
	}

	/** Those that are answered, and those that are not. */
	private static long arrived(TestApplication of) {
		MeterRegistry meters = of.bean(MeterRegistry.class);
		return meters.find("http.server.requests").timers().stream().mapToLong(Timer::count).sum()
				+ meters.find("http.server.requests.active")
					.longTaskTimers()
					.stream()
					.mapToLong(LongTaskTimer::activeTasks)
					.sum();
	}

	private static Duration timeOf(int requests, TestApplication of) {
		long start = System.nanoTime();
		assertThat(requests(requests, of)).allMatch((answer) -> answer.join().body().length == 32);
		return Duration.ofNanos(System.nanoTime() - start);
	}

	private static List<CompletableFuture<HttpResponse<byte[]>>> requests(int count, TestApplication of) {
		return IntStream.range(0, count)
			.mapToObj((i) -> client.sendAsync(request("/32", of), BodyHandlers.ofByteArray()))
			.toList();
	}

	private static HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
		return get(path, rng);
	}

	private static HttpResponse<byte[]> get(String path, TestApplication of) throws IOException, InterruptedException {
		return client.send(request(path, of), BodyHandlers.ofByteArray());
	}

	private static HttpRequest request(String path, TestApplication of) {
		return HttpRequest.newBuilder(URI.create(of.url() + path)).timeout(Duration.ofSeconds(10)).build();
	}

}

package org.piswarm.dockercoins.hasher;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.piswarm.testsupport.RawConnection;
import org.piswarm.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;

class HasherTests {

	private static final int MAX = 1024 * 1024;

	private static final HttpClient client = HttpClient.newHttpClient();

	private static TestApplication hasher;

	@BeforeAll
	static void start() {
		hasher = new TestApplication(HasherApplication.class);
	}

	@AfterAll
	static void stop() {
		hasher.close();
	}

	/** By the examples of FIPS 180-2. */
	@ParameterizedTest
	@CsvSource({ "'', e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
			"abc, ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" })
	void answersWithTheHash(String body, String hash) throws Exception {
		long start = System.nanoTime();
		HttpResponse<String> answer = post(BodyPublishers.ofString(body)).join();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(100));
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
		assertThat(answer.body()).isEqualTo(hash);
	}

	@Test
	void hashesABodyOfAMebibyte() {
		HttpResponse<String> answer = post(BodyPublishers.ofByteArray(new byte[MAX])).join();
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.body()).isEqualTo("30e14955ebf1352266dc2ff8067e68104607e750abb9d3b36582b8af909fcb58");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void refusesALargerBody(boolean knownLength) {
		byte[] body = new byte[MAX + 1];
		BodyPublisher publisher = knownLength ? BodyPublishers.ofByteArray(body)
				: BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
		HttpResponse<String> answer = post(publisher).join();
		assertThat(answer.statusCode()).isEqualTo(413);
		assertThat(answer.body()).contains("The body is too large: send at most 1048576 bytes");
	}

	/** Otherwise hasher would be a bottleneck too. */
	@Test
	void worksOnManyRequestsAtATime() {
		post(BodyPublishers.ofString("first")).join();
		long start = System.nanoTime();
		List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 100)
			.mapToObj((i) -> post(BodyPublishers.ofString("body " + i)))
			.toList();
		assertThat(answers).allMatch((answer) -> answer.join().statusCode() == 200);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
	}

	@Test
	@Tag("slow")
	void endsABodyThatDoesNotEnd() throws Exception {
		try (RawConnection connection = new RawConnection(hasher.port())) {
			connection.send("POST / HTTP/1.1\r\nHost: hasher\r\nContent-Length: 1000\r\n\r\n").trickle();
			assertThat(connection.readLine(Duration.ofSeconds(20))).isEqualTo("HTTP/1.1 408 Request Timeout");
		}
	}

	@Test
	void saysInOneLineWhereItRuns() throws Exception {
		assertThat(get("/").body()).matches("hasher runs on \\S+\\n");
	}

	@Test
	void isAliveAndHasMetrics() throws Exception {
		assertThat(get("/livez").statusCode()).isEqualTo(200);
		assertThat(get("/unknown").statusCode()).isEqualTo(404);
		post(BodyPublishers.ofString("abc")).join();
		assertThat(get("/actuator/prometheus").body())
			.containsPattern("http_server_requests_seconds_bucket\\{.*method=\"POST\".*le=\"0.15\"");
	}

	private static CompletableFuture<HttpResponse<String>> post(BodyPublisher body) {
		return client.sendAsync(request("/").POST(body).build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
	}

	private static HttpResponse<String> get(String path) throws Exception {
		return client.send(request(path).build(), BodyHandlers.ofString());
	}

	private static HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create(hasher.url() + path)).timeout(Duration.ofSeconds(20));
	}

}

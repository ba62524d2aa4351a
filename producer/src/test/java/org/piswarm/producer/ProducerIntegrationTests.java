package org.piswarm.producer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = { "HOSTNAME=producer-2", "NODE_NAME=pi3" })
class ProducerIntegrationTests {

	private WebTestClient client;

	@BeforeEach
	void connect(@LocalServerPort int port) {
		this.client = WebTestClient.bindToServer().baseUrl("http://localhost:" + port).build();
	}

	@Test
	void answersWithTheContractAndNothingElse() throws Exception {
		// The sample is the contract: replace its value by any, keep all the rest.
		String sample = Files.readString(Path.of("../docs/api/number.json")).trim();
		Pattern contract = Pattern.compile(sample.replace("{", "\\{").replaceAll("\\d+", "(\\\\d+)"));
		this.client.get()
			.uri("/number")
			.exchange()
			.expectStatus()
			.isOk()
			.expectHeader()
			.contentType(MediaType.APPLICATION_JSON)
			.expectBody(String.class)
			.value((body) -> {
				Matcher answer = contract.matcher(body);
				assertThat(answer.matches()).as(body).isTrue();
				assertThat(Integer.parseInt(answer.group(1))).isBetween(1, 180);
			});
	}

	@Test
	void countsTheNumbersThatItServes() {
		double before = served();
		this.client.get().uri("/number").exchange().expectStatus().isOk().expectBody().returnResult();
		this.client.get().uri("/number").exchange().expectStatus().isOk().expectBody().returnResult();
		assertThat(served()).isEqualTo(before + 2);
	}

	/** Up to Reactor Netty 1.3.7 nobody read the third request. */
	@Test
	void answersAllRequestsOfAConnection(@LocalServerPort int port) throws IOException {
		try (RawConnection connection = new RawConnection(port)) {
			// Another thread than the connection's works on the first when the second
			// arrives.
			connection.send(RawConnection.head("/actuator/prometheus") + RawConnection.head("/number"));
			for (int answers = 0; answers < 2; answers++) {
				assertThat(connection.statusLine(Duration.ofSeconds(10))).endsWith("200 OK");
				connection.skipHead();
			}
			connection.send(RawConnection.head("/number"));
			assertThat(connection.statusLine(Duration.ofSeconds(10))).endsWith("200 OK");
		}
	}

	private double served() {
		String metrics = this.client.get()
			.uri("/actuator/prometheus")
			.exchange()
			.expectBody(String.class)
			.returnResult()
			.getResponseBody();
		Matcher line = Pattern
			.compile("^producer_numbers_served_total\\{node=\"pi3\",replica=\"producer-2\"} (\\S+)$", Pattern.MULTILINE)
			.matcher(String.valueOf(metrics));
		assertThat(line.find()).as(metrics).isTrue();
		return Double.parseDouble(line.group(1));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/number", "/readyz", "/unknown" })
	void saysInEveryAnswerWhichReplicaServed(String path) {
		this.client.get()
			.uri(path)
			.exchange()
			.expectHeader()
			.valueEquals("X-Served-By", "producer-2@pi3")
			.expectBody()
			.returnResult();
	}

	@ParameterizedTest
	@CsvSource({ "GET,    /unknown,      */*,              404", //
			"GET,    /number/,      */*,              404", //
			"POST,   /number,       */*,              405", //
			"DELETE, /number,       */*,              405", //
			"GET,    /number,       text/html,        406", //
			"GET,    /unknown,      text/html,        404" })
	void errorsAreProblemDetails(String method, String path, String accept, int status) {
		this.client.method(HttpMethod.valueOf(method))
			.uri(path)
			.header("Accept", accept)
			.exchange()
			.expectStatus()
			.isEqualTo(status)
			.expectHeader()
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.expectBody()
			.jsonPath("$.status")
			.isEqualTo(status)
			.jsonPath("$.title")
			.isNotEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/livez", "/readyz", "/actuator/health", "/actuator/info", "/actuator/prometheus" })
	void exposesHealthInfoAndMetrics(String path) {
		this.client.get().uri(path).exchange().expectStatus().isOk().expectBody().returnResult();
	}

	@ParameterizedTest
	@ValueSource(strings = { "env", "beans", "configprops", "loggers", "heapdump", "threaddump", "mappings", "metrics",
			"shutdown" })
	void exposesNothingElseOfActuator(String endpoint) {
		this.client.get()
			.uri("/actuator/" + endpoint)
			.exchange()
			.expectStatus()
			.isNotFound()
			.expectBody()
			.returnResult();
	}

	@Test
	@EnabledOnOs(value = OS.LINUX, architectures = { "amd64", "aarch64" })
	void usesTheNativeTransport() {
		assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
			.anyMatch((name) -> name.startsWith("reactor-http-epoll"))
			.noneMatch((name) -> name.startsWith("reactor-http-nio"));
	}

}

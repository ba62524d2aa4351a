package org.piswarm.producer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.piswarm.testsupport.ApiDescription;
import org.piswarm.testsupport.RawConnection;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;

import static org.assertj.core.api.Assertions.assertThat;

// Contexts of one JVM share Netty's threads, which the first one to close stops.
@DirtiesContext
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = { "HOSTNAME=producer-2", "NODE_NAME=pi3" })
class ProducerIntegrationTests {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private WebTestClient client;

	@BeforeEach
	void connect(@LocalServerPort int port) {
		this.client = WebTestClient.bindToServer().baseUrl("http://localhost:" + port).responseTimeout(LIMIT).build();
	}

	@Test
	void answersWithTheContractAndNothingElse() throws Exception {
		// The sample is the contract: any number may replace its own, the rest stays.
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
		expectStatus(200, "/number");
		expectStatus(200, "/number");
		assertThat(served()).isEqualTo(before + 2);
	}

	/** Up to Reactor Netty 1.3.7 the third request was never read. */
	@Test
	void answersAllRequestsOfAConnection(@LocalServerPort int port) throws IOException {
		try (RawConnection connection = new RawConnection(port)) {
			// A thread other than the connection's works on the first request when the
			// second arrives.
			connection.send(RawConnection.head("/actuator/prometheus") + RawConnection.head("/number"));
			for (int answers = 0; answers < 2; answers++) {
				assertThat(connection.readLine(LIMIT)).endsWith("200 OK");
				connection.skipHead();
			}
			connection.send(RawConnection.head("/number"));
			assertThat(connection.readLine(LIMIT)).endsWith("200 OK");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/number", "/readyz", "/unknown", "/actuator/prometheus" })
	void namesTheReplicaAndProtectsTheClientInEveryAnswer(String path) {
		this.client.get()
			.uri(path)
			.exchange()
			.expectHeader()
			.valueEquals("X-Served-By", "producer-2@pi3")
			.expectHeader()
			.valueEquals("Cache-Control", "no-store")
			.expectHeader()
			.valueEquals("X-Content-Type-Options", "nosniff")
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
	void answersErrorsWithProblemDetails(String method, String path, String accept, int status) {
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

	/** Spring cannot choose a type for the problem details either, so there are none. */
	@Test
	void refusesAnAcceptHeaderThatIsNoMediaType() {
		this.client.get()
			.uri("/number")
			.header("Accept", "x")
			.exchange()
			.expectStatus()
			.isEqualTo(406)
			.expectBody()
			.isEmpty();
	}

	@Test
	void namesTheMethodsThatItAllows() {
		for (HttpMethod method : List.of(HttpMethod.OPTIONS, HttpMethod.POST)) {
			this.client.method(method)
				.uri("/number")
				.exchange()
				.expectHeader()
				.valueEquals("Allow", "GET,HEAD,OPTIONS")
				.expectBody()
				.returnResult();
		}
	}

	@Test
	void answersHeadWithoutABody() {
		this.client.head()
			.uri("/number")
			.exchange()
			.expectStatus()
			.isOk()
			.expectHeader()
			.contentType(MediaType.APPLICATION_JSON)
			.expectHeader()
			.value("Content-Length", (length) -> assertThat(Integer.parseInt(length)).isBetween(12, 14))
			.expectBody()
			.isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "/livez, 200", "/readyz, 200", "/actuator/health, 200", "/actuator/info, 200",
			"/actuator/prometheus, 200", "/actuator/env, 404", "/actuator/heapdump, 404", "/actuator/shutdown, 404" })
	void exposesHealthInfoAndMetricsAlone(String path, int status) {
		expectStatus(status, path);
	}

	@Test
	void describesAllItsPaths(
			@Autowired @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping mapping,
			@Autowired SimpleUrlHandlerMapping numberMapping) throws IOException {
		Set<String> paths = new TreeSet<>();
		numberMapping.getHandlerMap().keySet().forEach((pattern) -> paths.add(pattern.getPatternString()));
		mapping.getHandlerMethods().forEach((info, method) -> {
			if (method.getBeanType().getPackageName().equals(getClass().getPackageName())) {
				paths.addAll(info.getDirectPaths());
			}
		});
		assertThat(ApiDescription.load().paths()).isEqualTo(paths);
	}

	@ParameterizedTest
	@CsvSource({ "/number, application/json, 200, application/json", "/number, text/csv, 406, application/problem+json",
			"/openapi.yml, */*, 200, application/yaml" })
	void answersAsDescribed(String path, String accept, int status, String mediaType) throws IOException {
		EntityExchangeResult<String> answer = this.client.get()
			.uri(path)
			.header("Accept", accept)
			.exchange()
			.expectStatus()
			.isEqualTo(status)
			.expectHeader()
			.contentType(mediaType)
			.expectBody(String.class)
			.returnResult();
		ApiDescription.load().allows(path, status, mediaType, String.valueOf(answer.getResponseBody()));
	}

	@Test
	@EnabledOnOs(value = OS.LINUX, architectures = { "amd64", "aarch64" })
	void usesTheNativeTransport() {
		assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
			.anyMatch((name) -> name.startsWith("reactor-http-epoll"))
			.noneMatch((name) -> name.startsWith("reactor-http-nio"));
	}

	/** Reads the body too: a body that nobody reads is lost memory. */
	private void expectStatus(int status, String path) {
		this.client.get().uri(path).exchange().expectStatus().isEqualTo(status).expectBody().returnResult();
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

}

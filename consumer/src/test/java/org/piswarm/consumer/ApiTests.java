package org.piswarm.consumer;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.jayway.jsonpath.JsonPath;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.QueueDispatcher;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.resource.PathResourceResolver;
import org.springframework.web.reactive.resource.ResourceWebHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The loop polls once an hour; the tests poll by hand. */
@DirtiesContext // Contexts that live side by side share Netty's threads, which the first
				// to close takes along.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "POLL_INTERVAL=1h", "HOSTNAME=consumer-1", "NODE_NAME=pi1" })
class ApiTests {

	private static final MockWebServer producer = new MockWebServer();

	@Autowired
	private Poller poller;

	@Autowired
	private Stats stats;

	private WebTestClient client;

	@DynamicPropertySource
	static void startProducer(DynamicPropertyRegistry registry) throws IOException {
		// For the loop's own first poll.
		QueueDispatcher dispatcher = new QueueDispatcher();
		dispatcher.setFailFast(number(1));
		producer.setDispatcher(dispatcher);
		producer.start();
		registry.add("PRODUCER_URL", () -> producer.url("/number").toString());
	}

	@AfterAll
	static void stopProducer() {
		MockProducer.close(producer);
	}

	@BeforeEach
	void connect(@LocalServerPort int port) {
		this.client = WebTestClient.bindToServer()
			.baseUrl("http://localhost:" + port)
			.responseTimeout(Duration.ofSeconds(10))
			.build();
		await().atMost(Duration.ofSeconds(20)).until(() -> this.stats.snapshot().received() > 0);
	}

	@Test
	void tellsTheLatestNumberAndItsAge() throws Exception {
		Instant before = Instant.now();
		receive(73);
		int age = latestAge(73);
		assertThat(age).isBetween(0, 5000);
		await("the age grows").atMost(Duration.ofSeconds(5)).until(() -> latestAge(73) > age);
		this.client.get()
			.uri("/api/latest")
			.exchange()
			.expectHeader()
			.contentType(MediaType.APPLICATION_JSON)
			.expectBody()
			.jsonPath("$.length()")
			.isEqualTo(4)
			.jsonPath("$.replica")
			.isEqualTo("producer-2@pi3")
			.jsonPath("$.receivedAt")
			.value(String.class, (at) -> assertThat(Instant.parse(at)).isBetween(before, Instant.now()));
	}

	/** The resolver for WebJars would remember each name for ever. */
	@Test
	void doesNotRememberWhichFilesItWasAskedFor(@Autowired SimpleUrlHandlerMapping resourceHandlerMapping) {
		assertThat(resourceHandlerMapping.getHandlerMap().values()).hasOnlyElementsOfType(ResourceWebHandler.class)
			.flatExtracting((handler) -> ((ResourceWebHandler) handler).getResourceResolvers())
			.hasOnlyElementsOfType(PathResourceResolver.class);
		expectStatus(404, "/webjars/nothing/of-this-name.js");
		expectStatus(200, "/webjars/chart.js/dist/chart.umd.min.js");
	}

	@Test
	void goesOnTellingTheLatestNumberWhileTheProducerFails() {
		receive(74);
		producer.enqueue(new MockResponse.Builder().code(404).build());
		this.poller.poll().block();
		assertThat(latestAge(74)).isNotNegative();
		this.client.get()
			.uri("/")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(String.class)
			.value((text) -> assertThat(text).startsWith("Latest number: 74, received 0 s ago from producer-2@pi3\n"));
	}

	@Test
	void countsPolls() {
		Stats.Snapshot before = this.stats.snapshot();
		receive(75);
		producer.enqueue(new MockResponse.Builder().code(503).build());
		receive(76);
		producer.enqueue(number(181));
		this.poller.poll().block();
		producer.enqueue(new MockResponse.Builder().code(404).build());
		this.poller.poll().block();
		this.client.get()
			.uri("/api/stats")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.polls")
			.isEqualTo(before.polls() + 4)
			.jsonPath("$.received")
			.isEqualTo(before.received() + 2)
			.jsonPath("$.failed")
			.isEqualTo(before.failed() + 1)
			.jsonPath("$.invalid")
			.isEqualTo(before.invalid() + 1)
			.jsonPath("$.retried")
			.isEqualTo(before.retried() + 1)
			.jsonPath("$.replicas['producer-2@pi3']")
			.isNumber();
	}

	@Test
	void countsAndTimesPollsForPrometheus() {
		double before = metric("consumer_polls_total", "outcome=\"received\"");
		double retries = metric("consumer_retries_total", "");
		double calls = metric("resilience4j_retry_calls_total", "kind=\"successful_with_retry\"");
		double inTime = metric("consumer_poll_seconds_bucket", "error=\"none\".*le=\"3.0\"");
		producer.enqueue(new MockResponse.Builder().code(503).build());
		receive(86);
		assertThat(metric("consumer_polls_total", "outcome=\"received\"")).isEqualTo(before + 1);
		assertThat(metric("consumer_retries_total", "")).isEqualTo(retries + 1);
		assertThat(metric("resilience4j_retry_calls_total", "kind=\"successful_with_retry\"")).isEqualTo(calls + 1);
		assertThat(metric("consumer_poll_seconds_bucket", "error=\"none\".*le=\"3.0\"")).isEqualTo(inTime + 1);
		assertThat(metric("consumer_reading_age_seconds", "node=\"pi1\",replica=\"consumer-1\"")).isBetween(0.0, 10.0);
		assertThat(metric("consumer_polls_total", "outcome=\"failed\"")).isNotNegative();
		assertThat(metric("consumer_polls_total", "outcome=\"invalid\"")).isNotNegative();
	}

	@Test
	void feedsTheLatestNumberAndThenEachNewOne() {
		receive(77);
		var events = this.client.get()
			.uri("/api/readings")
			.exchange()
			.expectStatus()
			.isOk()
			.expectHeader()
			.contentTypeCompatibleWith(MediaType.TEXT_EVENT_STREAM)
			.returnResult(String.class)
			.getResponseBody()
			.map((event) -> JsonPath.<Integer>read(event, "$.number"));
		StepVerifier.create(events)
			.expectNext(77)
			.then(() -> receive(78))
			.expectNext(78)
			.then(() -> receive(79))
			.expectNext(79)
			.thenCancel()
			.verify(Duration.ofSeconds(20));
	}

	@Test
	void listsTheNewestReadingsOldestFirst() {
		receive(80);
		receive(81);
		this.client.get()
			.uri("/api/readings?limit=2")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$[*].number")
			.isEqualTo(List.of(80, 81));
	}

	@Test
	void takesUpAFeedWhereAListenerLeftIt() {
		receive(82);
		String last = events("none").mapNotNull(ServerSentEvent::id).next().blockOptional().orElseThrow();
		receive(83);
		receive(84);
		StepVerifier.create(events(last).map(ServerSentEvent::data).map(ApiTests::number))
			.expectNext(83, 84)
			.then(() -> receive(85))
			.expectNext(85)
			.thenCancel()
			.verify(Duration.ofSeconds(20));
		// Of a consumer that has been restarted since: all that there is.
		assertThat(events("00000000-99").map(ServerSentEvent::data)
			.map(ApiTests::number)
			.any((number) -> number == 82)
			.blockOptional(Duration.ofSeconds(20))).contains(true);
	}

	@Test
	void showsAPageToBrowsersAndAFewWordsToOthers() {
		this.client.get()
			.uri("/")
			.accept(MediaType.TEXT_HTML, MediaType.ALL)
			.exchange()
			.expectHeader()
			.contentTypeCompatibleWith(MediaType.TEXT_HTML)
			.expectHeader()
			.value("Content-Security-Policy", (policy) -> assertThat(policy).startsWith("default-src 'none'"))
			.expectBody()
			.returnResult();
		this.client.get()
			.uri("/")
			.exchange()
			.expectHeader()
			.contentTypeCompatibleWith(MediaType.TEXT_PLAIN)
			.expectBody()
			.returnResult();
	}

	@ParameterizedTest
	@CsvSource({ "GET, /unknown, 404", "GET, /api, 404", "POST, /api/latest, 405", "DELETE, /api/readings, 405" })
	void errorsAreProblemDetails(String method, String path, int status) {
		this.client.method(HttpMethod.valueOf(method))
			.uri(path)
			.exchange()
			.expectStatus()
			.isEqualTo(status)
			.expectHeader()
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.expectBody()
			.jsonPath("$.status")
			.isEqualTo(status);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/livez", "/readyz", "/actuator/health", "/actuator/info", "/actuator/prometheus" })
	void exposesHealthInfoAndMetrics(String path) {
		expectStatus(200, path);
	}

	@ParameterizedTest
	@ValueSource(strings = { "env", "beans", "configprops", "loggers", "heapdump", "threaddump", "mappings", "metrics",
			"shutdown" })
	void exposesNothingElseOfActuator(String endpoint) {
		expectStatus(404, "/actuator/" + endpoint);
	}

	@Test
	void isAliveForAsLongAsTheLoopPolls() {
		assertThat(new PollLoopHealthIndicator(this.poller, Duration.ofHours(1)).health().getStatus().getCode())
			.isEqualTo("UP");
		// As if the loop had stood still for longer than it may.
		assertThat(new PollLoopHealthIndicator(this.poller, Duration.ZERO).health().getStatus().getCode())
			.isEqualTo("DOWN");
	}

	private Flux<ServerSentEvent<String>> events(String lastEventId) {
		return this.client.get()
			.uri("/api/readings")
			.header("Last-Event-ID", lastEventId)
			.accept(MediaType.TEXT_EVENT_STREAM)
			.exchange()
			.expectStatus()
			.isOk()
			.returnResult(new ParameterizedTypeReference<ServerSentEvent<String>>() {
			})
			.getResponseBody();
	}

	private static int number(String reading) {
		return JsonPath.<Integer>read(reading, "$.number");
	}

	/** Reads the body too: one that nobody reads is lost memory. */
	private void expectStatus(int status, String path) {
		this.client.get().uri(path).exchange().expectStatus().isEqualTo(status).expectBody().returnResult();
	}

	/** The value of a metric whose labels match, as Prometheus would read it. */
	private double metric(String name, String labels) {
		String all = this.client.get()
			.uri("/actuator/prometheus")
			.exchange()
			.expectBody(String.class)
			.returnResult()
			.getResponseBody();
		Matcher line = Pattern.compile("^" + name + "\\{[^}]*" + labels + ".*} (\\S+)$", Pattern.MULTILINE)
			.matcher(String.valueOf(all));
		assertThat(line.find()).as("%s{%s} in %s", name, labels, all).isTrue();
		return Double.parseDouble(line.group(1));
	}

	private void receive(int number) {
		producer.enqueue(number(number));
		this.poller.poll().block();
	}

	private int latestAge(int number) {
		byte[] body = this.client.get()
			.uri("/api/latest")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.number")
			.isEqualTo(number)
			.returnResult()
			.getResponseBodyContent();
		assertThat(body).isNotNull();
		return JsonPath.read(new String(body), "$.ageMillis");
	}

	private static MockResponse number(int number) {
		return new MockResponse.Builder().setHeader("Content-Type", "application/json")
			.setHeader("X-Served-By", "producer-2@pi3")
			.body("{\"number\":" + number + "}")
			.build();
	}

}

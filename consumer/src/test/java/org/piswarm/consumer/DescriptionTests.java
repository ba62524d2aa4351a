package org.piswarm.consumer;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.QueueDispatcher;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The served description against what is really answered. */
@DirtiesContext // Contexts that live side by side share Netty's threads, which the first
				// to close takes along.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "POLL_INTERVAL=1h")
class DescriptionTests {

	private static final MockWebServer producer = new MockWebServer();

	private final Description description = Description.load();

	@Autowired
	private Stats stats;

	@Autowired
	private Poller poller;

	private WebTestClient client;

	DescriptionTests() throws IOException {
	}

	@DynamicPropertySource
	static void startProducer(DynamicPropertyRegistry registry) throws IOException {
		QueueDispatcher dispatcher = new QueueDispatcher();
		dispatcher.setFailFast(new MockResponse.Builder().setHeader("Content-Type", "application/json")
			.setHeader("X-Served-By", "producer-2@pi3")
			.body("{\"number\":180}")
			.build());
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
	void namesAllPaths(@Autowired @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping mapping) {
		Set<String> paths = new TreeSet<>();
		mapping.getHandlerMethods().forEach((info, method) -> {
			if (method.getBeanType().getPackageName().equals(getClass().getPackageName())) {
				paths.addAll(info.getDirectPaths());
			}
		});
		assertThat(this.description.paths()).isEqualTo(paths);
	}

	@ParameterizedTest
	@CsvSource({ "/, text/html, 200, text/html", "/, */*, 200, text/plain",
			"/api/latest, application/json, 200, application/json",
			"/api/latest, text/csv, 406, application/problem+json",
			"/api/stats, application/json, 200, application/json", "/api/readings?limit=5, */*, 200, application/json",
			"/api/readings?limit=0, */*, 400, application/problem+json",
			"/api/readings?limit=many, application/json, 400, application/problem+json",
			"/openapi.yml, */*, 200, application/yaml" })
	void saysWhatIsAnswered(String uri, String accept, int status, String mediaType) {
		EntityExchangeResult<String> answer = this.client.get()
			.uri(uri)
			.header("Accept", accept)
			.exchange()
			.expectStatus()
			.isEqualTo(status)
			.expectHeader()
			.contentType(mediaType)
			.expectBody(String.class)
			.returnResult();
		this.description.allows(uri.replaceFirst("\\?.*", ""), status, mediaType,
				String.valueOf(answer.getResponseBody()));
	}

	@ParameterizedTest
	@CsvSource({ "/api/readings, message", "/api/live, status" })
	void saysWhatEventsHold(String path, String last) {
		producer.enqueue(new MockResponse.Builder().code(404).build());
		this.poller.poll().block();
		this.poller.poll().block();
		List<ServerSentEvent<String>> events = this.client.get()
			.uri(path)
			.accept(MediaType.TEXT_EVENT_STREAM)
			.exchange()
			.expectStatus()
			.isOk()
			.returnResult(new ParameterizedTypeReference<ServerSentEvent<String>>() {
			})
			.getResponseBody()
			.takeUntil((event) -> last.equals(kind(event)))
			.collectList()
			.blockOptional(Duration.ofSeconds(20))
			.orElseThrow();
		events
			.forEach((event) -> this.description.allows(path, 200, "text/event-stream", String.valueOf(event.data())));
		if (path.equals("/api/live")) {
			assertThat(events).extracting(DescriptionTests::kind).contains("reading", "notice", "status");
		}
	}

	/** As a browser calls it. */
	private static String kind(ServerSentEvent<String> event) {
		String kind = event.event();
		return (kind != null) ? kind : "message";
	}

}

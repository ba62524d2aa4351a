package org.piswarm.consumer.web;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.piswarm.testsupport.RawConnection;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A consumer with low limits, and without a producer: it never has a number. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "POLL_INTERVAL=1h", "PRODUCER_URL=http://localhost:1/number", "consumer.max-streams=2",
				"consumer.max-connections=" + LimitTests.CONNECTIONS, "consumer.request-timeout=3s" })
class LimitTests {

	static final int CONNECTIONS = 3;

	private static final Duration BOUND = Duration.ofSeconds(10);

	@LocalServerPort
	private int port;

	@ParameterizedTest
	@ValueSource(strings = { "/api/readings", "/api/live" })
	void answersAStreamAtOnceEvenBeforeTheFirstNumber(String path) throws IOException {
		try (RawConnection connection = stream(path)) {
			assertThat(connection.readLine(Duration.ofSeconds(2))).endsWith("200 OK");
			connection.skipHead();
			// The size of the first chunk, and then the chunk.
			connection.readLine(Duration.ofSeconds(2));
			assertThat(connection.readLine(Duration.ofSeconds(2))).isEqualTo(":connected");
		}
	}

	/** The reason is a header that the client sent, so the log must not fill with it. */
	@Test
	void refusesAMalformedAcceptHeader() throws IOException {
		try (RawConnection connection = new RawConnection(this.port)) {
			connection.send("GET /api/readings HTTP/1.1\r\nHost: localhost\r\nAccept: ???\r\n\r\n");
			assertThat(connection.readLine(BOUND)).contains(" 406 ");
		}
	}

	@Test
	void refusesAStreamBeyondTheLimitUntilOneEnds() throws IOException {
		try (RawConnection first = awaitStream("/api/live"); RawConnection second = awaitStream("/api/readings")) {
			String problem = get("/api/live", 503);
			assertThat(JsonPath.<String>read(problem, "$.detail"))
				.isEqualTo("2 event streams are open, which is the limit: try again later");
			get("/api/stats", 200);

			first.close();
			awaitStream("/api/readings").close();
		}
		String metrics = get("/actuator/prometheus", 200);
		assertThat(metrics).contains("http_server_requests_seconds_count")
			.contains("uri=\"/api/stats\"")
			.doesNotContain("uri=\"/api/live\"", "uri=\"/api/readings\"");
	}

	@Test
	void disconnectsAClientThatSendsItsRequestByteByByte() throws IOException {
		try (RawConnection connection = new RawConnection(this.port)) {
			connection.send("GET /api/stats HTTP/1.1\r\nHost: localhost\r\nX-Slow: ").trickle();
			assertThat(connection.readLine(BOUND)).isEmpty();
		}
	}

	@Test
	void refusesConnectionsBeyondTheLimitWhileTheOthersWork() throws Exception {
		List<RawConnection> inside = new ArrayList<>();
		try {
			// Connections of other tests may not be closed yet.
			await("all places").pollInterval(Duration.ofMillis(1)).atMost(BOUND).until(() -> {
				RawConnection connection = new RawConnection(this.port);
				if (isAnswered(connection)) {
					inside.add(connection);
				}
				else {
					connection.close();
				}
				return inside.size() == CONNECTIONS + ConnectionLimit.LOOPBACK_RESERVE;
			});
			try (RawConnection oneMore = new RawConnection(this.port)) {
				assertThat(isAnswered(oneMore)).isFalse();
			}
			assertThat(inside).allMatch(LimitTests::isAnswered);

			inside.remove(0).close();
			await("a free place").atMost(BOUND).until(() -> {
				try (RawConnection next = new RawConnection(this.port)) {
					return isAnswered(next);
				}
			});
		}
		finally {
			for (RawConnection connection : inside) {
				connection.close();
			}
		}
	}

	/** Streams that another test closed may still hold a place for a moment. */
	private RawConnection awaitStream(String path) {
		return await("a free place").atMost(BOUND).until(() -> {
			RawConnection connection = stream(path);
			if (connection.readLine(BOUND).endsWith("200 OK")) {
				return connection;
			}
			connection.close();
			return null;
		}, Objects::nonNull);
	}

	private RawConnection stream(String path) throws IOException {
		return new RawConnection(this.port)
			.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n");
	}

	private static boolean isAnswered(RawConnection connection) {
		try {
			boolean answered = connection.send(RawConnection.head("/api/stats")).readLine(BOUND).endsWith("200 OK");
			connection.skipHead();
			return answered;
		}
		catch (IOException refused) {
			return false;
		}
	}

	private String get(String path, int status) {
		String body = WebTestClient.bindToServer()
			.baseUrl("http://localhost:" + this.port)
			.build()
			.get()
			.uri(path)
			.exchange()
			.expectStatus()
			.isEqualTo(status)
			.expectBody(String.class)
			.returnResult()
			.getResponseBody();
		assertThat(body).isNotNull();
		return String.valueOf(body);
	}

}

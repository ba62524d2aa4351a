package org.piswarm.producer;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.piswarm.testsupport.RawConnection;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.annotation.DirtiesContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

// Contexts of one JVM share Netty's threads, which the first one to close stops.
@DirtiesContext
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "producer.request-timeout=3s", "producer.max-connections=10" })
class HostileClientTests {

	private static final Duration BOUND = Duration.ofSeconds(10);

	@LocalServerPort
	private int port;

	/** An instance of its own: for the others, a connection may be idle for longer. */
	@Test
	void closesAConnectionOnWhichNothingArrives() throws IOException {
		try (ConfigurableApplicationContext producer = SpringApplication.run(ProducerApplication.class,
				"--server.port=0", "--server.netty.idle-timeout=1s", "--producer.drain-period=0s")) {
			int idlePort = producer.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
			try (RawConnection silent = new RawConnection(idlePort); RawConnection half = new RawConnection(idlePort)) {
				half.send("GET /number HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n");
				assertThat(half.readLine(BOUND)).endsWith("200 OK");
				half.awaitClose(BOUND);
				silent.awaitClose(BOUND);
			}
		}
	}

	@Test
	void closesAConnectionThatSendsItsHeadersByteByByte() throws IOException {
		try (RawConnection connection = new RawConnection(this.port)) {
			connection.send("GET /number HTTP/1.1\r\nHost: localhost\r\nX-Slow: ").trickle();
			assertThat(connection.readLine(BOUND)).isEmpty();
		}
	}

	@Test
	void closesAConnectionThatSendsABodyByteByByte() throws IOException {
		try (RawConnection connection = new RawConnection(this.port)) {
			connection.send("GET /number HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n").trickle();
			assertThat(connection.readLine(BOUND)).endsWith("200 OK");
			connection.awaitClose(BOUND);
		}
	}

	@Test
	void refusesALargeHead() throws IOException {
		try (RawConnection connection = new RawConnection(this.port)) {
			connection.send("GET /number HTTP/1.1\r\nHost: localhost\r\nX-Large: " + "a".repeat(5000) + "\r\n\r\n");
			assertThat(connection.readLine(BOUND)).contains(" 431 ");
			connection.awaitClose(BOUND);
		}
	}

	@Test
	void refusesALongPath() throws IOException {
		try (RawConnection connection = new RawConnection(this.port)) {
			connection.send("GET /" + "a".repeat(5000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
			assertThat(connection.readLine(BOUND)).contains(" 414 ");
			connection.awaitClose(BOUND);
		}
	}

	@Test
	void refusesMoreConnectionsThanItsLimit() throws IOException {
		List<RawConnection> connections = new ArrayList<>();
		try {
			// From this host it accepts some more, for health checks.
			for (int i = 0; i < 10 + ConnectionLimit.LOOPBACK_RESERVE; i++) {
				RawConnection connection = new RawConnection(this.port);
				connections.add(connection);
				connection.send(RawConnection.head("/number"));
				assertThat(connection.readLine(BOUND)).endsWith("200 OK");
			}
			try (RawConnection oneTooMany = new RawConnection(this.port)) {
				oneTooMany.send(RawConnection.head("/number"));
				assertThat(oneTooMany.readLine(BOUND)).isEmpty();
			}
			connections.get(0).skipHead();
			assertThat(connections.get(0).send(RawConnection.head("/number")).readLine(BOUND)).endsWith("200 OK");
		}
		finally {
			for (RawConnection connection : connections) {
				connection.close();
			}
		}
		await().atMost(BOUND).untilAsserted(() -> {
			try (RawConnection connection = new RawConnection(this.port)) {
				assertThat(connection.send(RawConnection.head("/number")).readLine(BOUND)).endsWith("200 OK");
			}
		});
	}

}

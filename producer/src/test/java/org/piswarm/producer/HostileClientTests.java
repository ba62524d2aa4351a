package org.piswarm.producer;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "producer.request-timeout=500ms", "server.netty.idle-timeout=2s" })
class HostileClientTests {

	private static final Duration BOUND = Duration.ofSeconds(10);

	@LocalServerPort
	private int port;

	private final ScheduledExecutorService trickle = Executors.newSingleThreadScheduledExecutor();

	@AfterEach
	void stopTrickle() {
		this.trickle.shutdownNow();
	}

	@Test
	void closesAConnectionThatSaysNothing() throws IOException {
		try (RawConnection connection = new RawConnection(this.port)) {
			connection.awaitClose(BOUND);
		}
	}

	@Test
	void closesAConnectionThatSendsItsHeadersByteByByte() throws IOException {
		try (RawConnection connection = new RawConnection(this.port)) {
			long start = System.nanoTime();
			connection.send("GET /number HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
			trickleInto(connection);
			assertThat(connection.statusLine(BOUND)).isEmpty();
			// Not the idle timeout, which does not see headers before they are complete.
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1900));
		}
	}

	@Test
	void closesAConnectionThatSendsABodyByteByByte() throws IOException {
		try (RawConnection connection = new RawConnection(this.port)) {
			connection.send("GET /number HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n");
			trickleInto(connection);
			assertThat(connection.statusLine(BOUND)).endsWith("200 OK");
			connection.awaitClose(BOUND);
		}
	}

	@Test
	void closesAConnectionThatPromisesABodyAndSendsNone() throws IOException {
		try (RawConnection connection = new RawConnection(this.port)) {
			connection.send("GET /number HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n");
			assertThat(connection.statusLine(BOUND)).endsWith("200 OK");
			connection.awaitClose(BOUND);
		}
	}

	@Test
	void refusesALargeHead() throws IOException {
		try (RawConnection connection = new RawConnection(this.port)) {
			connection.send("GET /number HTTP/1.1\r\nHost: localhost\r\nX-Large: " + "a".repeat(5000) + "\r\n\r\n");
			assertThat(connection.statusLine(BOUND)).contains(" 431 ");
			connection.awaitClose(BOUND);
		}
	}

	@Test
	void refusesALongPath() throws IOException {
		try (RawConnection connection = new RawConnection(this.port)) {
			connection.send("GET /" + "a".repeat(5000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
			assertThat(connection.statusLine(BOUND)).contains(" 414 ");
			connection.awaitClose(BOUND);
		}
	}

	@Test
	void keepsAConnectionThatAsksAgainInTime() throws Exception {
		try (RawConnection connection = new RawConnection(this.port)) {
			for (int i = 0; i < 3; i++) {
				// Longer than a request may take, shorter than a connection may idle.
				TimeUnit.MILLISECONDS.sleep(i * 700L);
				connection.send(RawConnection.head("/number"));
				assertThat(connection.statusLine(BOUND)).endsWith("200 OK");
				connection.skipHead();
			}
		}
	}

	/** One byte each 50 ms, for as long as the server takes them. */
	private void trickleInto(RawConnection connection) {
		this.trickle.scheduleAtFixedRate(() -> {
			try {
				connection.send("a");
			}
			catch (IOException ex) {
				throw new IllegalStateException("closed, so stop", ex);
			}
		}, 0, 50, TimeUnit.MILLISECONDS);
	}

}

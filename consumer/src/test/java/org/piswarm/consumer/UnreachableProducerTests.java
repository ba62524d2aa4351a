package org.piswarm.consumer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Trouble below HTTP: what the console shows for it, how often the producer was tried,
 * and what the consumer says of itself meanwhile. The loop's own first poll warms up, the
 * second one, by hand, is the one looked at.
 */
@ExtendWith(OutputCaptureExtension.class)
class UnreachableProducerTests {

	@Test
	void saysThatTheConnectionWasRefused(CapturedOutput output) throws Exception {
		// Bound, so that nobody else takes the port, but not listening.
		try (Socket bound = new Socket()) {
			bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
			String url = "http://127.0.0.1:" + bound.getLocalPort() + "/number";
			try (ConfigurableApplicationContext consumer = consumerOf(url)) {
				assertThat(linesOfAPoll(consumer, output)).singleElement()
					.asString()
					.endsWith(" ERROR Error fetching the number: connection refused (" + url + ", 3 attempts)");
				assertThat(consumer.getBean(Stats.class).snapshot().retried()).isEqualTo(4);
				assertThat(consumer.getBean(Stats.class).snapshot().failed()).isEqualTo(2);

				String health = get(consumer, "/actuator/health/liveness");
				assertThat(health).contains("\"status\":\"UP\"").contains("pollLoop");
				assertThat(get(consumer, "/livez")).contains("\"status\":\"UP\"");
				assertThat(get(consumer, "/")).startsWith("No number received yet");
				assertThat(get(consumer, "/api/latest")).contains("\"status\":404")
					.contains("\"detail\":\"No number received yet\"");
			}
		}
	}

	@Test
	void saysThatTheConnectionWasReset(CapturedOutput output) throws Exception {
		// Closing with a linger time of 0 sends a reset rather than an end of stream.
		endsWith(output, (connection) -> connection.setSoLinger(true, 0), "connection broken", 3);
	}

	@ParameterizedTest
	@ValueSource(strings = { "220 mail.example ESMTP\r\n", "Hello!\r\n\r\n", "HTTP/9 200 OK\r\n\r\n",
			"HTTP/1.1 1000 Much\r\n\r\n", "HTTP/1.1 099 Little\r\n\r\n",
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n",
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}{}{}\r\n0\r\n\r\n" })
	void saysThatTheProducerDoesNotSpeakHttp(String greeting, CapturedOutput output) throws Exception {
		endsWith(output, (connection) -> connection.getOutputStream().write(greeting.getBytes()),
				"the answer is not HTTP", 1);
	}

	@Test
	void saysThatTheHeadersAreEndless(CapturedOutput output) throws Exception {
		String headers = "HTTP/1.1 200 OK\r\nX-Long: " + "long".repeat(10_000);
		endsWith(output, (connection) -> connection.getOutputStream().write(headers.getBytes()),
				"the answer is not HTTP", 1);
	}

	@Test
	void saysThatThereIsNoTls(CapturedOutput output) throws Exception {
		try (RawProducer producer = new RawProducer(
				(connection) -> connection.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes()))) {
			String url = "https://127.0.0.1:" + producer.port() + "/number";
			try (ConfigurableApplicationContext consumer = consumerOf(url)) {
				assertThat(linesOfAPoll(consumer, output)).singleElement()
					.asString()
					.endsWith(" ERROR Error fetching the number: no TLS connection (" + url + ", 3 attempts)");
			}
		}
	}

	private static void endsWith(CapturedOutput output, Answer answer, String reason, int attempts) throws Exception {
		try (RawProducer producer = new RawProducer(answer)) {
			String url = "http://127.0.0.1:" + producer.port() + "/number";
			try (ConfigurableApplicationContext consumer = consumerOf(url)) {
				assertThat(linesOfAPoll(consumer, output)).singleElement()
					.asString()
					.endsWith(" ERROR Error fetching the number: %s (%s, %d attempt%s)".formatted(reason, url, attempts,
							(attempts == 1) ? "" : "s"));
				assertThat(producer.connections).hasValue(2 * attempts);
			}
		}
	}

	private static ConfigurableApplicationContext consumerOf(String url) {
		return SpringApplication.run(ConsumerApplication.class, "--PRODUCER_URL=" + url, "--POLL_INTERVAL=1h",
				"--server.port=0", "--management.endpoint.health.show-components=always");
	}

	private static List<String> linesOfAPoll(ConfigurableApplicationContext consumer, CapturedOutput output)
			throws InterruptedException {
		await().atMost(Duration.ofSeconds(20)).until(() -> output.getAll().contains("Error fetching the number"));
		int printed = output.getAll().length();
		consumer.getBean(Poller.class).poll().block();
		return output.getAll().substring(printed).lines().toList();
	}

	private static String get(ConfigurableApplicationContext consumer, String path) {
		String port = consumer.getEnvironment().getRequiredProperty("local.server.port");
		return WebClient.create("http://localhost:" + port)
			.get()
			.uri(path)
			.exchangeToMono((response) -> response.bodyToMono(String.class))
			.blockOptional()
			.orElseThrow();
	}

	private interface Answer {

		void to(Socket connection) throws IOException;

	}

	/** Reads a request, answers as it is told to, and closes the connection. */
	private static final class RawProducer implements AutoCloseable {

		private final ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());

		private final AtomicInteger connections = new AtomicInteger();

		RawProducer(Answer answer) throws IOException {
			new Thread(() -> serve(answer), "raw-producer").start();
		}

		int port() {
			return this.server.getLocalPort();
		}

		private void serve(Answer answer) {
			while (!this.server.isClosed()) {
				try (Socket connection = this.server.accept()) {
					this.connections.incrementAndGet();
					connection.getInputStream().read(new byte[1024]);
					answer.to(connection);
				}
				catch (IOException ex) {
					// The client has gone, or the test is over.
				}
			}
		}

		@Override
		public void close() throws IOException {
			this.server.close();
		}

	}

}

package org.piswarm.consumer.polling;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.piswarm.consumer.state.ProducerStatus.State;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/** Failures below HTTP: the line on the console, and the number of attempts. */
@PollingTest
class UnreachableProducerTests {

	@Autowired
	private WebClient client;

	@Test
	void reportsARefusedConnection(CapturedOutput output) throws Exception {
		// Bound, so that no other program takes the port, but not listening.
		try (Socket bound = new Socket()) {
			bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
			TestPoller test = poller("http://127.0.0.1:" + bound.getLocalPort() + "/number");
			assertThat(test.poll(output)).singleElement()
				.asString()
				.endsWith(
						" ERROR Error fetching the number: connection refused (http://127.0.0.1:%d/number, 3 attempts)"
							.formatted(bound.getLocalPort()));
			assertThat(test.counts.snapshot().retried()).isEqualTo(2);
			assertThat(test.counts.snapshot().failed()).isEqualTo(1);
			assertThat(test.status.view().state()).isEqualTo(State.UNREACHABLE);
		}
	}

	@Test
	void reportsAResetConnection(CapturedOutput output) throws Exception {
		// With a linger time of 0, close sends a reset rather than an end of stream.
		reports("connection broken", 3, "http", (connection) -> connection.setSoLinger(true, 0), output);
	}

	@ParameterizedTest
	@ValueSource(strings = { "220 mail.example ESMTP\r\n", "Hello!\r\n\r\n", "HTTP/9 200 OK\r\n\r\n",
			"HTTP/1.1 1000 Much\r\n\r\n", "HTTP/1.1 099 Little\r\n\r\n",
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n",
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}{}{}\r\n0\r\n\r\n" })
	void reportsAnAnswerThatIsNotHttp(String answer, CapturedOutput output) throws Exception {
		reports("the answer is not HTTP", 1, "http",
				(connection) -> connection.getOutputStream().write(answer.getBytes()), output);
	}

	@Test
	void reportsEndlessHeaders(CapturedOutput output) throws Exception {
		String headers = "HTTP/1.1 200 OK\r\nX-Long: " + "long".repeat(10_000);
		reports("the answer is not HTTP", 1, "http",
				(connection) -> connection.getOutputStream().write(headers.getBytes()), output);
	}

	@Test
	void reportsAProducerWithoutTls(CapturedOutput output) throws Exception {
		reports("no TLS connection", 3, "https",
				(connection) -> connection.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes()),
				output);
	}

	private void reports(String reason, int attempts, String scheme, Answer answer, CapturedOutput output)
			throws Exception {
		try (RawProducer producer = new RawProducer(answer)) {
			String url = "%s://127.0.0.1:%d/number".formatted(scheme, producer.port());
			assertThat(poller(url).poll(output)).singleElement()
				.asString()
				.endsWith(" ERROR Error fetching the number: %s (%s, %d %s)".formatted(reason, url, attempts,
						(attempts == 1) ? "attempt" : "attempts"));
			assertThat(producer.connections).hasValue(attempts);
		}
	}

	private TestPoller poller(String url) {
		return new TestPoller(this.client, url, Duration.ofSeconds(3));
	}

	private interface Answer {

		void to(Socket connection) throws IOException;

	}

	/** Reads a request, sends an answer of the test, and closes the connection. */
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
					// The client closed the connection, or the test is over.
				}
			}
		}

		@Override
		public void close() throws IOException {
			this.server.close();
		}

	}

}

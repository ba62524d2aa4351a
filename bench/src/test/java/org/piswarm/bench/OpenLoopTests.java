package org.piswarm.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OpenLoopTests {

	/**
	 * A client in a closed loop would report this pause for one request of each
	 * connection only.
	 */
	@Test
	void countsAPauseOfTheServerForEachRequestThatWasDueInIt() throws IOException {
		AtomicInteger requests = new AtomicInteger();
		OpenLoop.Result result = load(800, () -> {
			if (requests.getAndIncrement() == 0) {
				Pause.millis(400);
			}
			return 200;
		});
		assertThat(result.failed()).isZero();
		// Half of the requests were due in the first 250 ms: the last of them waited for
		// 150 ms.
		assertThat(result.p50()).isGreaterThan(125);
		assertThat(result.p99()).isGreaterThan(350);
	}

	@Test
	void countsOtherAnswersAsFailed() throws IOException {
		AtomicInteger requests = new AtomicInteger();
		OpenLoop.Result result = load(200, () -> (requests.getAndIncrement() % 4 == 0) ? 503 : 200);
		assertThat(result.failed()).isEqualTo(25);
	}

	@Test
	void opensAConnectionAgainThatTheServerHasClosed() throws IOException {
		try (ServerSocket server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress())) {
			CompletableFuture<Void> connections = CompletableFuture.runAsync(() -> answerConnections(server, 200));
			OpenLoop.Result result = OpenLoop.run(server.getLocalPort(), 400, 64, Duration.ofMillis(500));
			assertThat(result.failed()).isZero();
			assertThat(connections).succeedsWithin(Duration.ofSeconds(10));
		}
	}

	/**
	 * One answer for each connection, without its length: the end of the connection ends
	 * it.
	 */
	private static void answerConnections(ServerSocket server, int connections) {
		byte[] answer = "HTTP/1.0 200 OK\r\n\r\n{\"number\":1}".getBytes(StandardCharsets.US_ASCII);
		for (int i = 0; i < connections; i++) {
			try (Socket client = server.accept()) {
				client.getInputStream().readNBytes(Probe.REQUEST.length);
				client.getOutputStream().write(answer);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	/** Half a second of load on a server that answers one request at a time. */
	private static OpenLoop.Result load(int rate, IntSupplier status) throws IOException {
		HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
		server.createContext("/number", (exchange) -> {
			byte[] body = "{\"number\":1}".getBytes(StandardCharsets.US_ASCII);
			exchange.sendResponseHeaders(status.getAsInt(), body.length);
			exchange.getResponseBody().write(body);
			exchange.close();
		});
		server.start();
		try {
			return OpenLoop.run(server.getAddress().getPort(), rate, 64, Duration.ofMillis(500));
		}
		finally {
			server.stop(0);
		}
	}

}

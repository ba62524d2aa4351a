package org.piswarm.consumer.web;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.jayway.jsonpath.JsonPath;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.piswarm.consumer.MockProducer;
import org.piswarm.testsupport.JavaProcess;
import org.piswarm.testsupport.RawConnection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Clients whose machine sleeps or lost its power, so that nothing reads their data. */
@Tag("slow")
class StalledReadersTests {

	/** With the two pages that read, all event streams that are allowed. */
	private static final int STALLED_PAGES = 498;

	private static final int STALLED_DOWNLOADS = 60;

	private static final List<String> DOWNLOADS = List.of("/page/chart.umd.min.js", "/api/readings?limit=1200");

	/**
	 * In bytes; the kernel keeps little for a client, so that the rest stays in the
	 * consumer.
	 */
	private static final int RECEIVE_BUFFER = 2048;

	private static final Duration BOUND = Duration.ofSeconds(60);

	/** As in the image. */
	private static final List<String> MEMORY = List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
			"-XX:MaxMetaspaceSize=80m", "-XX:ReservedCodeCacheSize=32m", "-XX:MaxDirectMemorySize=16m",
			"-XX:+ExitOnOutOfMemoryError");

	@RegisterExtension
	private final MockProducer producer = new MockProducer();

	private final HttpClient client = HttpClient.newHttpClient();

	private int port;

	@Test
	void disturbNoOtherClientAndAreDisconnected() throws Exception {
		this.producer.server().setDispatcher(new Dispatcher() {
			@Override
			public MockResponse dispatch(RecordedRequest request) {
				return SharedConsumer.answer(7);
			}
		});
		List<RawConnection> stalled = new ArrayList<>();
		try (JavaProcess consumer = JavaProcess.start(MEMORY, FullConsumer.class.getName(),
				Map.of("PRODUCER_URL", this.producer.server().url("/number").toString()), "--server.port=0",
				"--POLL_INTERVAL=1s", "--consumer.read-timeout=15s", "--logging.structured.format.console=ecs")) {
			this.port = port(consumer);
			try (Page page = new Page(0, Duration.ZERO); Page slow = new Page(RECEIVE_BUFFER, Duration.ofMillis(20))) {
				page.awaitStatuses(2);
				for (int i = 0; i < STALLED_PAGES; i++) {
					stalled.add(open("/api/live", RECEIVE_BUFFER));
				}
				for (int i = 0; i < STALLED_DOWNLOADS; i++) {
					stalled.add(open(DOWNLOADS.get(i % DOWNLOADS.size()), RECEIVE_BUFFER));
				}
				// All have their headers, and read nothing from here on.
				for (RawConnection connection : stalled) {
					assertThat(connection.readLine(BOUND)).endsWith("200 OK");
				}
				assertThat(metric("test_connections")).isGreaterThan(STALLED_PAGES + STALLED_DOWNLOADS);
				page.awaitStatuses(1);
				int skipped = skipped();
				page.awaitStatuses(3);
				assertThat(skipped()).as("skipped polls").isEqualTo(skipped);
				assertThat(metric("test_direct_memory")).isLessThan(8 * 1024 * 1024);

				await("stalled pages are disconnected").atMost(BOUND).until(() -> metric("test_connections") < 10);
				page.awaitStatuses(1);
				// It has got all of the history by then.
				slow.awaitStatuses(1);
			}
			assertThat(consumer.output()).doesNotContain("OutOfMemory");
		}
		finally {
			for (RawConnection connection : stalled) {
				connection.close();
			}
		}
	}

	private static int port(JavaProcess consumer) {
		Matcher port = Pattern.compile("port (\\d+)")
			.matcher(consumer.awaitMessage("Listening on port ").get("message").asString());
		assertThat(port.find()).isTrue();
		return Integer.parseInt(port.group(1));
	}

	private RawConnection open(String path, int receiveBuffer) throws IOException {
		return new RawConnection(this.port, receiveBuffer).send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
	}

	private int skipped() throws Exception {
		return JsonPath.<Integer>read(get("/api/stats"), "$.skipped");
	}

	private double metric(String name) throws Exception {
		Matcher line = Pattern.compile("^" + name + "\\S* (\\S+)$", Pattern.MULTILINE)
			.matcher(get("/actuator/prometheus"));
		assertThat(line.find()).as(name).isTrue();
		return Double.parseDouble(line.group(1));
	}

	private String get(String path) throws Exception {
		URI uri = URI.create("http://localhost:" + this.port + path);
		return this.client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
	}

	/** A page that reads. */
	private final class Page implements AutoCloseable {

		private final RawConnection connection;

		private final AtomicInteger lines = new AtomicInteger();

		private final AtomicInteger statuses = new AtomicInteger();

		Page(int receiveBuffer, Duration pause) throws IOException {
			this.connection = open("/api/live", receiveBuffer);
			Thread reader = new Thread(() -> read(pause), "page");
			reader.setDaemon(true);
			reader.start();
		}

		private void read(Duration pause) {
			try {
				int before;
				do {
					before = this.lines.get();
					for (int i = 0; i < 10; i++) {
						String line = this.connection.readLine(BOUND);
						if (!line.isEmpty()) {
							this.lines.incrementAndGet();
						}
						if (line.equals("event:status")) {
							this.statuses.incrementAndGet();
						}
					}
					TimeUnit.MILLISECONDS.sleep(pause.toMillis());
				}
				// Empty lines alone: the connection is closed.
				while (this.lines.get() > before);
			}
			catch (IOException | InterruptedException ex) {
				// The test is over, or fails since no line comes.
			}
		}

		void awaitStatuses(int more) {
			int before = this.statuses.get();
			await("statuses").atMost(BOUND).until(() -> this.statuses.get() >= before + more);
		}

		@Override
		public void close() throws IOException {
			this.connection.close();
		}

	}

}

package org.piswarm.dockercoins;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.piswarm.testsupport.FreePort;
import org.piswarm.testsupport.JavaProcess;
import org.piswarm.testsupport.RedisServer;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/** A Redis, and services on free ports of the loopback. */
final class Coins implements AutoCloseable {

	final RedisServer redis = new RedisServer();

	private final HttpClient client = HttpClient.newHttpClient();

	private final Deque<AutoCloseable> started = new ArrayDeque<>();

	Coins() throws IOException {
		this.started.push(this.redis);
	}

	static Optional<Path> python() {
		return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
			.map((directory) -> Path.of(directory, "python3"))
			.filter(Files::isExecutable)
			.findFirst();
	}

	private static Path jar(String service) {
		Path jar = Path.of("..", service, "target", service + ".jar");
		assertThat(jar).as("build the services first: make test, or mvn verify").exists();
		return jar;
	}

	/** Starts a service of ours. It may need seconds until it answers. */
	Service start(String service, Map<String, String> environment) throws IOException {
		int port = FreePort.find();
		Map<String, String> all = new HashMap<>(environment);
		all.put("SERVER_PORT", Integer.toString(port));
		all.put("REDIS_URL", this.redis.url());
		Path unpacked = Path.of("target", service + "-" + port);
		this.started.push(() -> FileSystemUtils.deleteRecursively(unpacked));
		JavaProcess process = JavaProcess.startUnpacked(jar(service), unpacked, all);
		this.started.push(process);
		return new Service(process, port);
	}

	/** Starts a program of {@code reference}. */
	AutoCloseable startReference(String program, Path output, String... arguments) throws IOException {
		ProcessBuilder builder = new ProcessBuilder(Stream
			.concat(Stream.of(python().orElseThrow().toString(), "reference/" + program), Stream.of(arguments))
			.toList());
		Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
		return () -> process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
	}

	String get(String url) throws IOException, InterruptedException {
		return this.client
			.send(HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(10)).build(),
					BodyHandlers.ofString())
			.body();
	}

	long hashes() throws IOException {
		return this.redis.count("hashes");
	}

	/** Waits until the workers have made as many hashes more. */
	void awaitHashes(int more) throws IOException {
		long before = hashes();
		within2min(() -> assertThat(hashes()).isGreaterThanOrEqualTo(before + more));
	}

	/** How many loops a worker has made, by its metrics. */
	long loops(Service worker) throws IOException, InterruptedException {
		return get(worker.url() + "/actuator/prometheus").lines()
			.filter((line) -> line.startsWith("worker_loops_total"))
			.mapToLong((line) -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
			.sum();
	}

	static void within2min(ThrowingRunnable assertion) {
		Awaitility.await().atMost(Duration.ofMinutes(2)).ignoreExceptions().untilAsserted(assertion);
	}

	@Override
	public void close() throws Exception {
		while (!this.started.isEmpty()) {
			this.started.pop().close();
		}
	}

	/** A service that runs. */
	record Service(JavaProcess process, int port) {

		String url() {
			return "http://127.0.0.1:" + this.port;
		}

	}

}

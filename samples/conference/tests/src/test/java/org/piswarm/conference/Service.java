package org.piswarm.conference;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.piswarm.testsupport.FreePort;
import org.piswarm.testsupport.JavaProcess;
import org.piswarm.testsupport.JsonClient;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A service in a JVM of its own, which can be killed and started again on the same port.
 */
final class Service implements AutoCloseable {

	private final String name;

	private final int port;

	private final Map<String, String> environment;

	private final Path unpacked;

	private final JsonClient client;

	private @Nullable JavaProcess process;

	/**
	 * Starts a service. It may need seconds until it answers.
	 * @param name conferences or attendees
	 * @param environment of this start and of later ones
	 */
	Service(String name, Map<String, String> environment) throws IOException {
		this.name = name;
		this.port = FreePort.find();
		this.environment = new HashMap<>(environment);
		this.environment.put("SERVER_PORT", Integer.toString(this.port));
		this.unpacked = Path.of("target", name + "-" + this.port);
		this.client = new JsonClient(url());
		start();
	}

	static Path jar(String name) {
		Path jar = Path.of("..", name, "target", name + ".jar");
		assertThat(jar).as("build the services first: make test, or mvn verify").exists();
		return jar;
	}

	String url() {
		return "http://127.0.0.1:" + this.port;
	}

	int port() {
		return this.port;
	}

	JsonClient client() {
		return this.client;
	}

	long pid() {
		return process().pid();
	}

	/** What it has printed since its last start. */
	String output() {
		return process().output();
	}

	private JavaProcess process() {
		JavaProcess running = this.process;
		if (running == null) {
			throw new IllegalStateException(this.name + " does not run");
		}
		return running;
	}

	void start() throws IOException {
		this.process = JavaProcess.startUnpacked(jar(this.name), this.unpacked, this.environment);
	}

	/** It has no time to finish anything. */
	void kill() throws InterruptedException {
		process().close();
	}

	/** Fails with its output, at once if it has ended. */
	Service awaitStart() {
		try {
			Awaitility.await(this.name)
				.atMost(Duration.ofMinutes(2))
				.ignoreExceptionsInstanceOf(IOException.class)
				.until(() -> {
					assertThat(process().isAlive()).as("it runs").isTrue();
					return this.client.get("/livez").status() == 200;
				});
			return this;
		}
		catch (RuntimeException | AssertionError ex) {
			throw new AssertionError("%s did not start: %s".formatted(this, output()), ex);
		}
	}

	@Override
	public void close() throws IOException, InterruptedException {
		if (this.process != null) {
			kill();
		}
		FileSystemUtils.deleteRecursively(this.unpacked);
	}

	@Override
	public String toString() {
		return this.name + ":" + this.port;
	}

}

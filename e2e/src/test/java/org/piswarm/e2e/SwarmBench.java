package org.piswarm.e2e;

import java.io.IOException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Measures the services on virtual Pis and writes docs/benchmarks-swarm.md. It is no
 * test: {@code make bench-swarm} runs it, and nothing else does.
 */
@ExtendWith(WholeCluster.class)
class SwarmBench {

	private static final int STARTS = 5;

	/** An idle service reaches its memory some time after its first healthy probe. */
	private static final Duration IDLE = Duration.ofSeconds(20);

	private static final int HOST_PORT = 5001;

	private final SwarmBenchPage page = new SwarmBenchPage();

	@Test
	void measures() throws IOException {
		Stack.removeAll();
		this.page.begin(Pi.MANAGER.run("docker version --format '{{.Server.Version}}'"), STARTS);
		starts();
		memory();
		mesh();
		this.page.write();
	}

	private void starts() {
		this.page.startTable();
		for (String service : List.of("producer", "consumer")) {
			List<Double> seconds = new ArrayList<>();
			for (int run = 0; run < STARTS; run++) {
				// On one node without other load; the first start also fills the page
				// cache.
				String id = start(service, "");
				seconds.add(secondsUntilHealthy(id));
				remove(id);
			}
			this.page.start(service, seconds);
		}
	}

	/** Starts a container as stack.yml describes it. */
	private static String start(String service, String options) {
		return new Pi(2).run(("docker run --detach --memory 256m --read-only --cap-drop ALL --health-cmd /app/health "
				+ "--health-interval 5s --health-timeout 3s --health-start-period 60s --health-start-interval 1s "
				+ "%s %s/%s:%s")
			.formatted(options, Settings.REGISTRY, service, Settings.FIRST));
	}

	private static double secondsUntilHealthy(String id) {
		List<String> answers = new ArrayList<>();
		Wait.until("the container is healthy", Duration.ofMinutes(2), () -> {
			String state = new Pi(2).run("docker inspect --format '{{json .State}}' " + id);
			answers.add(state);
			return JsonPath.read(state, "$.Health.Status").equals("healthy");
		});
		String state = answers.get(answers.size() - 1);
		OffsetDateTime begin = OffsetDateTime.parse(JsonPath.read(state, "$.StartedAt"));
		// Of the first probe that succeeded: by now, there may be more.
		List<String> ends = JsonPath.read(state, "$.Health.Log[?(@.ExitCode == 0)].End");
		return Duration.between(begin, OffsetDateTime.parse(ends.get(0))).toMillis() / 1000.0;
	}

	private static void remove(String id) {
		new Pi(2).run("docker rm --force " + id);
	}

	private void memory() {
		Stack stack = Stack.withConsumerOn(Pi.MANAGER);
		this.page.memoryTable();
		await(IDLE);
		this.page.memory("producer, idle", Container.of(stack, "producer").workingMemory());
		try (Feed feed = Feed.of(Pi.MANAGER)) {
			Wait.until("the stream brings numbers", Duration.ofMinutes(1), () -> feed.size() > 1);
			await(IDLE);
			this.page.memory("consumer with one event stream", Container.of(stack, "consumer").workingMemory());
		}
	}

	private void mesh() {
		Stack stack = new Stack("numbers");
		this.page.meshTable();
		for (int replicas : List.of(1, 2, 4)) {
			stack.scale("producer", replicas);
			// Warm: each replica compiles what it runs often.
			wrk(Pi.MANAGER.producerUrl(), 64);
			this.page.mesh(Integer.toString(replicas), 64, wrk(Pi.MANAGER.producerUrl(), 64));
			this.page.mesh(Integer.toString(replicas), 2000, wrk(Pi.MANAGER.producerUrl(), 2000));
			if (replicas == 2) {
				this.page.memory("producer, one of two replicas, after 64 and 2000 connections",
						Container.of(stack, "producer").workingMemory());
			}
		}
		Stack.removeAll();
		String id = start("producer", "--publish " + HOST_PORT + ":5000");
		secondsUntilHealthy(id);
		String url = "http://%s:%d/number".formatted(new Pi(2).address(), HOST_PORT);
		wrk(url, 64);
		this.page.mesh("one container, without the mesh", 64, wrk(url, 64));
		this.page.mesh("one container, without the mesh", 2000, wrk(url, 2000));
		remove(id);
	}

	private static String wrk(String url, int connections) {
		String output = Command.run(Duration.ofMinutes(1), "",
				List.of("wrk", "--threads", "1", "--connections", Integer.toString(connections), "--duration", "10s",
						"--timeout", "2s", "--script", Settings.PROJECT.resolve("bench/wrk.lua").toString(), url))
			.orFail();
		String result = output.lines().filter((line) -> line.startsWith("RESULT ")).findFirst().orElse("");
		assertThat(result).as("%d connections: %s", connections, output).isNotEmpty();
		System.out.printf(Locale.ROOT, "FIGURE %d connections to %s: %s%n", connections, url, result);
		return result;
	}

	private static void await(Duration time) {
		try {
			Thread.sleep(time.toMillis());
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}

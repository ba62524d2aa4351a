package org.piswarm.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks for the number of consumers that one producer serves, with the image's flags, on
 * one core and with the memory limit of stack.yml. Each consumer is a connection that
 * polls every three seconds.
 */
final class ConsumersPhase {

	static final String PRODUCER = "producer-image";

	static final int POLL_SECONDS = 3;

	static final double MOST_P99_MILLIS = 10;

	/** The first third of the polls open their connections. */
	static final int POLLS = 3;

	private static final int FEWEST = 500;

	private static final Pattern MEMORY = Pattern.compile("(?s)limits:.*?memory: (\\d+)M");

	private final Settings settings;

	private final Wrk wrk;

	private final Path project;

	private final List<OpenLoop.Result> good = new ArrayList<>();

	private final List<OpenLoop.Result> bad = new ArrayList<>();

	ConsumersPhase(Settings settings, Wrk wrk, Path project) {
		this.settings = settings;
		this.wrk = wrk;
		this.project = project;
	}

	/**
	 * Searches.
	 * @throws BenchException if this is not possible here, with the reason
	 */
	Capacity measure(Peer image, Path logs) throws IOException {
		int most = Math.min(this.settings.mostConsumers(), openFiles() - 1000);
		if (most < FEWEST) {
			throw new BenchException("fewer than %d connections are allowed".formatted(FEWEST));
		}
		long megabytes = memoryLimit();
		try (Server server = Server.start(onOneCore(image), logs, megabytes << 20)) {
			this.wrk.run(image.port(), LoadPhase.FEW, this.settings.firstSeconds());
			int found = search(FEWEST, most, (consumers) -> isServed(image.port(), consumers));
			if (!server.isAlive()) {
				throw new BenchException("the producer ended: " + server.lastLogLine());
			}
			return new Capacity(found, found == most, megabytes, List.copyOf(this.good), List.copyOf(this.bad),
					server.memory());
		}
	}

	private static Peer onOneCore(Peer image) {
		int last = Runtime.getRuntime().availableProcessors() - 1;
		List<String> command = new ArrayList<>(List.of("taskset", "--cpu-list", Integer.toString(last)));
		command.addAll(image.command());
		Map<String, String> environment = new HashMap<>(image.environment());
		// The default would end the search before the processor does.
		environment.put("PRODUCER_MAX_CONNECTIONS", "100000");
		return new Peer(image.name() + "-one-core", image.version(), image.port(), command, environment);
	}

	/** A pause of the machine must not end the search, so one failure is not enough. */
	private boolean isServed(int port, int consumers) {
		return isServedOnce(port, consumers) || isServedOnce(port, consumers);
	}

	private boolean isServedOnce(int port, int consumers) {
		try {
			OpenLoop.Result result = OpenLoop.run(port, (double) consumers / POLL_SECONDS, consumers,
					Duration.ofSeconds(POLL_SECONDS * POLLS));
			boolean served = result.failed() == 0 && result.p99() < MOST_P99_MILLIS;
			(served ? this.good : this.bad).add(result);
			Bench.say("%d consumers: p99 %s ms, %d failed".formatted(consumers, Summary.text(result.p99()),
					result.failed()));
			return served;
		}
		catch (IOException ex) {
			throw new BenchException("the client failed with %d connections: %s".formatted(consumers, ex));
		}
	}

	/**
	 * The largest number that is served, within a tenth; 0 if not even the smallest is.
	 */
	static int search(int fewest, int most, IntPredicate isServed) {
		int served = 0;
		int next = fewest;
		int tooMany = most + 1;
		while (next > served && next < tooMany && (tooMany - served) * 10L > served) {
			if (isServed.test(next)) {
				served = next;
			}
			else if (next == fewest) {
				return 0;
			}
			else {
				tooMany = next;
			}
			next = (tooMany > most) ? Math.min(2 * served, most) : (served + tooMany) / 2;
		}
		return served;
	}

	private long memoryLimit() throws IOException {
		Matcher limit = MEMORY.matcher(Files.readString(this.project.resolve("stack.yml")));
		if (!limit.find()) {
			throw new BenchException("stack.yml has no memory limit in M");
		}
		return Long.parseLong(limit.group(1));
	}

	/** For this process, which is as many as for those that it starts. */
	private static int openFiles() throws IOException {
		return Files.readString(Path.of("/proc/self/limits"))
			.lines()
			.filter((line) -> line.startsWith("Max open files"))
			.map((line) -> line.split(" {2,}")[1])
			.mapToInt((soft) -> soft.equals("unlimited") ? Integer.MAX_VALUE : Integer.parseInt(soft))
			.findFirst()
			.orElse(0);
	}

	/**
	 * What was found.
	 *
	 * @param isLimitOfClient whether more could not be tried
	 * @param good the runs in which all consumers were served
	 * @param memory of the producer at the end
	 */
	record Capacity(int consumers, boolean isLimitOfClient, long megabytes, List<OpenLoop.Result> good,
			List<OpenLoop.Result> bad, Memory memory) {

	}

}

package org.piswarm.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The page that {@link SwarmBench} writes. */
final class SwarmBenchPage {

	private static final Path FILE = Settings.PROJECT.resolve("docs/benchmarks-swarm.md");

	private final StringBuilder text = new StringBuilder();

	private final StringBuilder memories = new StringBuilder();

	private final StringBuilder rates = new StringBuilder();

	void begin(String docker, int starts) throws IOException {
		String processor = Files.readString(Path.of("/proc/cpuinfo"))
			.lines()
			.filter((line) -> line.startsWith("model name"))
			.map((line) -> line.replaceFirst(".*: *", ""))
			.findFirst()
			.orElse("unknown");
		this.text
			.append("""
					# Benchmarks on a Swarm

					`make bench-swarm` measured these figures and wrote this page. The nodes are three virtual Pis on one machine; each
					has one virtual processor and 1 GiB of memory. The nodes and the client share the machine's cores, so four
					replicas cannot answer four times as many requests/s here.
					[Benchmarks](benchmarks.md) compares the producer with other servers.

					| what | value |
					|---|---|
					""");
		row(this.text, "date", LocalDate.now(ZoneOffset.UTC).toString());
		row(this.text, "commit", "`" + commit() + "`");
		row(this.text, "host", "%d cores, %s".formatted(Runtime.getRuntime().availableProcessors(), processor));
		row(this.text, "Docker Engine of the nodes", docker);
		row(this.text, "starts", Integer.toString(starts));
	}

	private static String commit() {
		return Command
			.run(Duration.ofMinutes(1), "",
					List.of("git", "-C", Settings.PROJECT.toString(), "describe", "--always", "--abbrev=12",
							"--exclude=*", "--dirty"))
			.orFail();
	}

	void startTable() {
		this.text
			.append("""

					## Start

					From the start of a container to the end of its first successful health check, on a node without other load: median
					and, in parentheses, the smallest and the largest value. Docker asks every second.

					| service | seconds | goal |
					|---|---|---|
					""");
	}

	void start(String service, List<Double> seconds) {
		List<Double> sorted = seconds.stream().sorted().toList();
		row(this.text, "`" + service + "`", "%.1f (%.1f–%.1f)".formatted(sorted.get(sorted.size() / 2), sorted.get(0),
				sorted.get(sorted.size() - 1)), "≤ 9");
	}

	void memoryTable() {
		this.memories
			.append("""

					## Memory

					Of a container in the stack, in MiB, as its control group counts it: all memory less the pages of files that nothing
					has used recently; in parentheses the anonymous part, which no file backs. The goals are 100 for an idle service and
					110 for a consumer with one page.

					| what | MiB |
					|---|---|
					""");
	}

	void memory(String what, Container.Memory memory) {
		row(this.memories, what, "%d (%d)".formatted(memory.all() >> 20, memory.anonymous() >> 20));
	}

	void meshTable() {
		this.rates
			.append("""

					## Routing mesh

					`wrk` sends requests for 10 s to the published port of one node, in a closed loop, after 10 s with 64 connections
					that do not count. Swarm forwards each connection to one of the replicas, on any node. A request fails when its connection
					fails, when its answer has another status than 200, or when its answer takes longer than 2 s.

					| replicas | connections | requests/s | p50 in ms | p99 in ms | failed |
					|---|---|---|---|---|---|
					""");
	}

	/** Adds what wrk.lua has printed. */
	void mesh(String replicas, int connections, String result) {
		Map<String, Long> values = Arrays.stream(result.substring("RESULT ".length()).split(" "))
			.map((pair) -> pair.split("="))
			.collect(Collectors.toMap((pair) -> pair[0], (pair) -> Long.valueOf(pair[1])));
		ToLongFunction<String> value = (name) -> Objects.requireNonNull(values.get(name));
		long failed = Stream.of("connect", "read", "write", "status", "timeout").mapToLong(value).sum();
		long answered = value.applyAsLong("requests") - value.applyAsLong("status");
		row(this.rates, replicas, Integer.toString(connections),
				"%,.0f".formatted(answered * 1e6 / value.applyAsLong("micros")),
				"%.1f".formatted(value.applyAsLong("p50") / 1e3), "%.1f".formatted(value.applyAsLong("p99") / 1e3),
				"%,d of %,d".formatted(failed, failed + answered));
	}

	private static void row(StringBuilder table, String... cells) {
		table.append(String.format(Locale.ROOT, "| %s |%n", String.join(" | ", cells)));
		System.out.println("FIGURE " + String.join(" | ", cells));
	}

	void write() throws IOException {
		Files.writeString(FILE, this.text.toString() + this.memories + this.rates);
	}

}

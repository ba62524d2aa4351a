package org.piswarm.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Load in a closed loop: each connection sends its next request when it has its answer.
 */
final class Wrk {

	private final String program;

	private final Path script;

	Wrk(Path project) {
		this.program = Programs.need("wrk", "wrk");
		this.script = project.resolve("bench/wrk.lua");
	}

	Result run(int port, int connections, int seconds) {
		// Half of the cores: the server needs the others.
		int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
		String output = Programs.output(this.program, "--threads", Integer.toString(threads), "--connections",
				Integer.toString(connections), "--duration", seconds + "s", "--script", this.script.toString(),
				"http://127.0.0.1:" + port + "/number");
		String line = output.lines()
			.filter((candidate) -> candidate.startsWith("RESULT "))
			.findFirst()
			.orElseThrow(() -> new BenchException("wrk gave no result: " + Programs.lastLine(output)));
		Map<String, Long> values = Arrays.stream(line.substring("RESULT ".length()).split(" "))
			.map((pair) -> pair.split("="))
			.collect(Collectors.toMap((pair) -> pair[0], (pair) -> Long.valueOf(pair[1])));
		Function<String, Long> value = (name) -> values.getOrDefault(name, 0L);
		long failed = value.apply("connect") + value.apply("read") + value.apply("write") + value.apply("status")
				+ value.apply("timeout");
		long answered = value.apply("requests") - value.apply("status");
		return new Result(answered, answered * 1e6 / value.apply("micros"), failed, value.apply("p50") / 1e3,
				value.apply("p99") / 1e3);
	}

	/**
	 * What wrk saw.
	 *
	 * @param answered good answers
	 * @param perSecond good answers in each second
	 * @param failed connections that failed, answers with another status, and answers
	 * that took longer than 2 s
	 * @param p50 median latency in milliseconds
	 * @param p99 99th percentile in milliseconds
	 */
	record Result(long answered, double perSecond, long failed, double p50, double p99) {

	}

}

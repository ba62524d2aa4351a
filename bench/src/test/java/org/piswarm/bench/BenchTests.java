package org.piswarm.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** A run with numbers that measure nothing, and only servers that Maven has built. */
@Tag("slow")
class BenchTests {

	private static final Path PROJECT = Path.of("..");

	@BeforeAll
	static void needsWrk() {
		assumeTrue(Programs.find("wrk").isPresent(), "wrk is not installed");
	}

	@Test
	void writesAPageWithAllFigures(@TempDir Path directory) throws IOException {
		Path page = directory.resolve("benchmarks.md");
		Bench.run(new Settings(1, 1, 1, List.of("producer-image", "reactor-netty"), false, 1, 1, 0), PROJECT, page, "");
		assertThat(ProcessHandle.current().descendants()).isEmpty();
		String text = Files.readString(page);
		System.out.println(text);
		for (String server : List.of("producer-image", "reactor-netty")) {
			assertHasFigures(text, "\\| `" + server + "` \\| ");
		}
		assertThat(text).contains("not measured: `flask` is not in PEERS", "only root can empty it");
	}

	private static void assertHasFigures(String text, String row) {
		String spread = "[0-9.,]+ \\([0-9.,]+–[0-9.,]+\\)";
		String memory = "[1-9][0-9]* \\([1-9][0-9]*\\)";
		String latency = "[0-9.,]+ / [0-9.,]+ / [0-9.,]+( \\([0-9]+ % of the rate\\))?";
		assertThat(text.lines()).as("64 connections")
			.anyMatch((line) -> line.matches(row + spread + " \\| 1( \\| [0-9.,]+){3} \\| 0 \\| [1-9][0-9,]* \\|"));
		assertThat(text.lines()).as("2000 connections")
			.anyMatch(
					(line) -> line.matches(row + spread + " \\| 1( \\| [0-9.,]+){3} \\| [0-9,]+ of [1-9][0-9,]* \\|"));
		assertThat(text.lines()).as("open loop")
			.anyMatch((line) -> line.matches(row + "[0-9,]+( \\| " + latency + "){3} \\| [0-9]+ \\|"));
		assertThat(text.lines()).as("start").anyMatch((line) -> line.matches(row + spread + " \\| 1 \\| – \\| 0 \\|"));
		assertThat(text.lines()).as("memory")
			.anyMatch((line) -> line.matches(row + memory + "( \\| " + memory + "){3} \\|"));
	}

	/**
	 * In the middle of starts, since a server that starts while others are stopped would
	 * stay.
	 */
	@Test
	void leavesNoServerWhenItIsStopped(@TempDir Path directory) throws IOException, InterruptedException {
		Path output = directory.resolve("output");
		// This user is not root, so that the page cache stays as it is.
		ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Duser.name=nobody", "-cp", "bench/target/classes", "org.piswarm.bench.Bench")
			.directory(PROJECT.toFile())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile());
		builder.environment().put("PEERS", "producer-image");
		Process bench = builder.start();
		try {
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.until(() -> Files.readString(output).contains("fills the page cache") && runsServer());
		}
		finally {
			bench.destroy();
			assertThat(bench.waitFor(10, TimeUnit.SECONDS)).isTrue();
		}
		Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !runsServer());
		assertThat(Files.readString(output)).as("it answers")
			.doesNotContain("before its first answer", "gave no number");
	}

	/**
	 * Whether a process runs that has a file of this module in its command, other than
	 * the harness itself.
	 */
	private static boolean runsServer() {
		String files = PROJECT.toAbsolutePath().normalize() + "/bench/target/peers/";
		return ProcessHandle.allProcesses()
			.map((process) -> process.info().commandLine().orElse(""))
			.anyMatch((command) -> command.contains(" " + files) && !command.contains("surefire"));
	}

}

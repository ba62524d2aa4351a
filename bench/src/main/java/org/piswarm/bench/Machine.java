package org.piswarm.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the figures were measured on, and when. */
final class Machine {

	private final Map<String, String> facts = new LinkedHashMap<>();

	/** Looks before the first measurement, since it also asks how busy the machine is. */
	static Machine look(Path project) throws IOException {
		Machine machine = new Machine();
		machine.facts.put("date", LocalDate.now(ZoneOffset.UTC).toString());
		machine.facts.put("commit", "`" + Programs.output("git", "-C", project.toString(), "describe", "--always",
				"--abbrev=12", "--exclude=*", "--dirty") + "`");
		machine.facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
		machine.facts.put("processor", value(Path.of("/proc/cpuinfo"), "model name"));
		machine.facts.put("memory", "%.1f GiB".formatted(
				Long.parseLong(value(Path.of("/proc/meminfo"), "MemTotal").replaceAll("\\D", "")) / 1024.0 / 1024));
		machine.facts.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version") + " on "
				+ System.getProperty("os.arch"));
		machine.facts.put("JDK",
				System.getProperty("java.vm.vendor") + " " + System.getProperty("java.runtime.version"));
		machine.facts.put("CPU time that other programs used before the run", "%.0f %%".formatted(100 * busyShare()));
		return machine;
	}

	Map<String, String> facts() {
		return this.facts;
	}

	/** The value of the first line that starts with this name. */
	private static String value(Path file, String name) throws IOException {
		return Files.readString(file)
			.lines()
			.filter((line) -> line.startsWith(name))
			.findFirst()
			.map((line) -> line.substring(line.indexOf(':') + 1).strip())
			.orElse("unknown");
	}

	private static double busyShare() throws IOException {
		long[] before = ticks();
		Pause.millis(1000);
		long[] after = ticks();
		long all = Arrays.stream(after).sum() - Arrays.stream(before).sum();
		// Fields 4 and 5 of the line are idle and iowait.
		long idle = after[3] + after[4] - before[3] - before[4];
		return (all == 0) ? 0 : 1 - (double) idle / all;
	}

	private static long[] ticks() throws IOException {
		String line = Files.readString(Path.of("/proc/stat")).lines().findFirst().orElse("");
		return Arrays.stream(line.trim().split(" +")).skip(1).mapToLong(Long::parseLong).toArray();
	}

}

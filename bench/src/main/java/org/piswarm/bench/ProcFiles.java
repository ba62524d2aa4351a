package org.piswarm.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads what Linux says about a process. A process that has just ended counts as nothing.
 */
final class ProcFiles {

	/** USER_HZ, which is 100 on all architectures that Linux runs Java on. */
	private static final double TICKS_PER_SECOND = 100;

	private ProcFiles() {
	}

	/** CPU time of a process and of those of its children that have ended. */
	static double cpuSeconds(long pid) {
		String stat = read(pid, "stat");
		// The program's name, in parentheses, may contain spaces. utime is field 14.
		String[] fields = stat.substring(stat.lastIndexOf(')') + 1).trim().split(" ");
		long ticks = 0;
		for (int i = 11; i <= 14 && i < fields.length; i++) {
			ticks += Long.parseLong(fields[i]);
		}
		return ticks / TICKS_PER_SECOND;
	}

	static Memory memory(long pid) {
		String rollup = read(pid, "smaps_rollup");
		return new Memory(kib(rollup, "Rss:"), kib(rollup, "Anonymous:"));
	}

	private static long kib(String rollup, String name) {
		return rollup.lines()
			.filter((line) -> line.startsWith(name))
			.mapToLong((line) -> Long.parseLong(line.replaceAll("\\D", "")))
			.sum();
	}

	private static String read(long pid, String file) {
		try {
			return Files.readString(Path.of("/proc", Long.toString(pid), file));
		}
		catch (IOException ex) {
			return "";
		}
	}

}

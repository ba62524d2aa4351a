package org.piswarm.bench;

/** Memory when idle, under load and after it. */
final class MemorySection {

	private MemorySection() {
	}

	static void write(Page page, Settings settings, Subjects subjects) {
		page.paragraph("## Memory");
		page.paragraph(what(settings));
		page.paragraph(
				"""
						In parentheses: the anonymous part, which no file backs. "Idle" is %d s after the first answer. Under load it is
						the largest value of the rounds. "After" is %d s after the last load."""
					.formatted(settings.seconds(), settings.seconds()));
		page.table("server", "idle", "64 connections", "2000 connections", "after");
		for (Subject subject : subjects.all()) {
			if (subject.idleMemory == Memory.NONE) {
				page.emptyRow(subject);
			}
			else {
				page.row(Page.code(subject.name), mebibytes(subject.idleMemory),
						mebibytes(most(subject, LoadPhase.FEW)), mebibytes(most(subject, LoadPhase.MANY)),
						mebibytes(subject.lastMemory));
			}
		}
		page.endTable();
	}

	private static String what(Settings settings) {
		if (!ControlGroup.isAvailable()) {
			return "Resident memory of all processes of the server, in MiB. A control group, which needs root and a "
					+ "kernel that counts memory, was not available.";
		}
		return """
				In MiB, as a control group counts it for all processes of the server: all memory less the pages of files that
				nothing has used recently."""
				+ (settings.cold()
						? " The page cache was empty before the start, so the files that the server reads count." : "");
	}

	private static Memory most(Subject subject, int connections) {
		return subject.rounds(connections).stream().map(Subject.Round::memory).reduce(Memory.NONE, Memory::max);
	}

	static String mebibytes(Memory memory) {
		return (memory == Memory.NONE) ? "–"
				: "%.0f (%.0f)".formatted(memory.kib() / 1024.0, memory.anonymousKib() / 1024.0);
	}

}

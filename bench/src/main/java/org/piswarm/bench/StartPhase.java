package org.piswarm.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Measures how long each server takes from its start to its first good answer, and its
 * memory when idle.
 */
final class StartPhase {

	private final Settings settings;

	private final Path logs;

	StartPhase(Settings settings, Path logs) {
		this.settings = settings;
		this.logs = logs;
	}

	/**
	 * Takes the servers in turn, so that a change of the machine's speed affects all of
	 * them.
	 */
	void measure(List<Subject> subjects) throws IOException {
		// The first start of each fills the page cache.
		for (int run = 0; run <= this.settings.starts(); run++) {
			for (Subject subject : subjects) {
				measureWarm(subject, run);
			}
			Bench.say("starts with a warm page cache: %d of %d".formatted(run, this.settings.starts()));
		}
		for (int run = 1; this.settings.cold() && run <= this.settings.starts(); run++) {
			for (Subject subject : subjects) {
				measureCold(subject);
			}
			Bench.say("starts with an empty page cache: %d of %d".formatted(run, this.settings.starts()));
		}
	}

	private void measureWarm(Subject subject, int run) throws IOException {
		if (!subject.isMeasurable()) {
			return;
		}
		try (Server server = Server.start(subject.peer(), this.logs)) {
			if (run > 0) {
				subject.warmStarts.add(server.start());
			}
			if (run == this.settings.starts()) {
				Pause.millis(Duration.ofSeconds(this.settings.seconds()).toMillis());
				subject.idleMemory = server.memory();
			}
		}
		catch (BenchException ex) {
			subject.fail(ex.getMessage());
		}
	}

	private void measureCold(Subject subject) throws IOException {
		if (!subject.isMeasurable()) {
			return;
		}
		Programs.output("sync");
		Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "3");
		try (Server server = Server.start(subject.peer(), this.logs)) {
			subject.coldStarts.add(server.start());
		}
		catch (BenchException ex) {
			subject.fail(ex.getMessage());
		}
	}

}

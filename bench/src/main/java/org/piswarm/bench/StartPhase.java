package org.piswarm.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Measures how long each server takes from its start to its first good answer, and its
 * memory when idle.
 */
final class StartPhase {

	/**
	 * A server whose values differ by less than this share needs no more starts than
	 * {@link #FEWEST}.
	 */
	static final double SETTLED = 0.05;

	static final int FEWEST = 7;

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
		Bench.say("starting each server once, which fills the page cache");
		for (Subject subject : subjects) {
			start(subject);
		}
		for (int run = 1; run <= this.settings.starts(); run++) {
			for (Subject subject : subjects) {
				measure(subject, subject.warmStarts, !this.settings.cold());
			}
			Bench.say("starts with a warm page cache: %d of %d".formatted(run, this.settings.starts()));
		}
		for (int run = 1; this.settings.cold() && run <= this.settings.starts(); run++) {
			for (Subject subject : subjects) {
				if (subject.isMeasurable()) {
					PageCache.empty();
				}
				// With an empty page cache, the server's control group counts all files
				// that it has read.
				measure(subject, subject.coldStarts, true);
			}
			Bench.say("starts with an empty page cache: %d of %d".formatted(run, this.settings.starts()));
		}
	}

	private void start(Subject subject) throws IOException {
		if (subject.isMeasurable()) {
			try {
				Server.start(subject.peer(), this.logs).close();
			}
			catch (BenchException ex) {
				subject.fail(ex.getMessage());
			}
		}
	}

	private void measure(Subject subject, List<Double> starts, boolean withMemory) throws IOException {
		if (!subject.isMeasurable() || Summary.of(starts).isSettled(SETTLED, FEWEST)) {
			return;
		}
		try (Server server = Server.start(subject.peer(), this.logs)) {
			starts.add(server.start().toNanos() / 1e6);
			if (withMemory && subject.idleMemory == Memory.NONE) {
				Pause.millis(Duration.ofSeconds(this.settings.seconds()).toMillis());
				subject.idleMemory = server.memory();
			}
		}
		catch (BenchException ex) {
			subject.fail(ex.getMessage());
		}
	}

}

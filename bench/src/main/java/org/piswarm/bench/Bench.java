package org.piswarm.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * Runs all phases and writes the report. {@code make bench} starts it in the project's
 * directory.
 */
public final class Bench {

	private static final long BEGIN = System.nanoTime();

	private Bench() {
	}

	public static void main(String[] args) throws IOException {
		Runtime.getRuntime().addShutdownHook(new Thread(Children::stopAll));
		Path report = Path.of("docs/benchmarks.md");
		try {
			run(settings(), Path.of("."), report);
			say("wrote " + report);
		}
		catch (BenchException ex) {
			end(1, ex);
		}
		catch (CancellationException ex) {
			// After Ctrl-C, which needs no message.
		}
	}

	private static Settings settings() {
		try {
			return Settings.from(System.getenv(), Programs.isRoot());
		}
		catch (BenchException ex) {
			end(2, ex);
			throw ex;
		}
	}

	private static void end(int code, BenchException reason) {
		System.err.println("bench: " + reason.getMessage());
		System.exit(code);
	}

	static void run(Settings settings, Path project, Path report) throws IOException {
		Wrk wrk = new Wrk(project);
		List<Subject> subjects = prepare(settings, project);
		if (subjects.stream().noneMatch(Subject::isMeasurable)) {
			throw new BenchException("no server is available, for the reason above");
		}
		String commit = Programs.output("git", "-C", project.toString(), "describe", "--always", "--abbrev=12",
				"--exclude=*", "--dirty");
		String date = LocalDate.now(ZoneOffset.UTC).toString();
		Machine machine = Machine.look();
		Path logs = Files.createDirectories(project.resolve("bench/target/logs"));
		new StartPhase(settings, logs).measure(subjects);
		new LoadPhase(settings, wrk, logs).measure(subjects);
		Files.writeString(report, new Report(settings, machine, commit, date, subjects).text());
	}

	private static List<Subject> prepare(Settings settings, Path project) throws IOException {
		say("preparing " + String.join(", ", settings.peers()));
		Peers peers = new Peers(project, settings.cold());
		List<Subject> subjects = new ArrayList<>();
		for (String name : settings.peers()) {
			try {
				subjects.add(Subject.available(peers.prepare(name)));
			}
			catch (BenchException ex) {
				say(name + " is not installed: " + ex.getMessage());
				subjects.add(Subject.notInstalled(name, ex.getMessage()));
			}
		}
		return subjects;
	}

	/** One line of progress, with the seconds since the start. */
	static void say(String text) {
		System.out.printf("%4d s  %s%n", Duration.ofNanos(System.nanoTime() - BEGIN).toSeconds(), text);
	}

}

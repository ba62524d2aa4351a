package org.piswarm.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
		// The page has the same figures for every user.
		Locale.setDefault(Locale.ROOT);
		Runtime.getRuntime().addShutdownHook(new Thread(Bench::stop));
		Path report = Path.of("docs/benchmarks.md");
		try {
			run(settings(), Path.of("."), report, BaseImage.name(Path.of("."), System.getenv()));
			say("wrote " + report);
		}
		catch (BenchException ex) {
			end(1, ex);
		}
		catch (CancellationException ex) {
			// After Ctrl-C, which needs no message.
		}
	}

	private static void stop() {
		Children.stopAll();
		ControlGroup.removeAll();
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

	static void run(Settings settings, Path project, Path report, String baseImage) throws IOException {
		Wrk wrk = new Wrk(project);
		List<Subject> subjects = prepare(settings, project);
		if (subjects.stream().noneMatch(Subject::isMeasurable)) {
			throw new BenchException("no server is available, for the reason above");
		}
		Machine machine = Machine.look(project);
		Path logs = Files.createDirectories(project.resolve("bench/target/logs"));
		new StartPhase(settings, logs).measure(subjects);
		new LoadPhase(settings, wrk, logs).measure(subjects);
		Measured<ConsumersPhase.Capacity> consumers = Measured
			.of(() -> new ConsumersPhase(settings, wrk, project).measure(image(subjects), logs));
		Measured<List<ServiceImage>> images = Measured
			.of(() -> ServiceImage.SERVICES.stream().map((service) -> ServiceImage.of(project, service)).toList());
		Measured<BaseImage> base = Measured.of(() -> BaseImage.of(baseImage));
		Files.writeString(report,
				new Report(settings, machine, elapsed(), new Subjects(subjects), consumers, images, base).text());
	}

	private static Peer image(List<Subject> subjects) {
		Subject subject = new Subjects(subjects).find(ConsumersPhase.PRODUCER)
			.orElseThrow(() -> new BenchException("`%s` is not in PEERS".formatted(ConsumersPhase.PRODUCER)));
		if (!subject.isMeasurable()) {
			throw new BenchException("`%s` %s".formatted(subject.name, subject.trouble().orElse("")));
		}
		return subject.peer();
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
		System.out.printf("%4d s  %s%n", elapsed().toSeconds(), text);
	}

	private static Duration elapsed() {
		return Duration.ofNanos(System.nanoTime() - BEGIN);
	}

}

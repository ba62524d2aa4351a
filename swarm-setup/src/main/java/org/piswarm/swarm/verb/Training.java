package org.piswarm.swarm.verb;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.piswarm.swarm.facts.Survey;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.ssh.Script;
import org.piswarm.swarm.ssh.Ssh;
import org.piswarm.swarm.terminal.Progress;

/**
 * Makes the class caches of images on Pis: one after the other on each, all Pis at once.
 * The services run without them too, so a failure is only a note.
 *
 * @param ssh the connections
 * @param progress says what came of it
 */
record Training(Ssh ssh, Progress progress) {

	/** For each image; the script itself stops after 21 minutes. */
	private static final Duration LIMIT = Duration.ofMinutes(22);

	/** Makes caches of these images, which were brought to these Pis. */
	void train(List<String> images, List<Pi> pis) {
		if (images.isEmpty()) {
			return;
		}
		Thread hook = new Thread(() -> System.err.println(
				"swarm: interrupted; the release runs, and the next deploy makes the class caches that are missing"));
		Runtime.getRuntime().addShutdownHook(hook);
		this.progress.say("making the class caches that are missing, with which containers start sooner; "
				+ "the release runs, and Ctrl-C ends only this");
		Map<Pi, Outcome> outcomes = Survey.sideBySide(pis, (pi) -> train(images, pi));
		try {
			Runtime.getRuntime().removeShutdownHook(hook);
		}
		catch (IllegalStateException ex) {
			return; // It is interrupted.
		}
		outcomes.forEach((pi, outcome) -> noteUnknown(pi.name(), outcome, images));
	}

	private Outcome train(List<String> images, Pi pi) {
		String waiting = pi.name() + " (class caches)";
		this.progress.begin(waiting);
		try (HeldCall call = new HeldCall(this.ssh.start(pi, Script.TRAIN.with(images.toArray(String[]::new))))) {
			// Until it ends.
			String out = call.await((text) -> false, LIMIT.multipliedBy(images.size()));
			List<Line> lines = Line.of(out, images);
			report(pi.name(), lines);
			return new Outcome(lines, call.isRunning() ? " (it did not end in time)" : call.complaint());
		}
		catch (RuntimeException ex) {
			// Such as a full disk of this machine. The release runs.
			return new Outcome(List.of(), " (" + ex.getMessage() + ")");
		}
		finally {
			this.progress.end(waiting);
		}
	}

	private void report(String pi, List<Line> lines) {
		List<Line> made = lines.stream().filter((line) -> line.kind().equals("made")).toList();
		if (!made.isEmpty()) {
			this.progress.say(pi + ": " + caches(made.stream().map(Line::image).toList()) + " made in "
					+ made.stream().mapToInt(Line::seconds).sum() + " s; "
					+ ((made.size() == 1) ? "it has " : "they have ")
					+ made.stream().map(Line::percent).collect(Collectors.joining(" % and ")) + " % of the classes");
		}
		lines.stream()
			.filter((line) -> line.kind().equals("none"))
			.collect(Collectors.groupingBy(Line::text, LinkedHashMap::new,
					Collectors.mapping(Line::image, Collectors.toList())))
			.forEach((reason, without) -> this.progress.note(pi + " has not made " + caches(without) + ": " + reason
					+ ". There, a start takes longer; the next deploy tries again"));
	}

	private void noteUnknown(String pi, Outcome outcome, List<String> images) {
		List<String> unknown = images.stream()
			.filter((image) -> outcome.lines().stream().noneMatch((line) -> line.image().equals(image)))
			.toList();
		if (!unknown.isEmpty()) {
			this.progress.note(pi + ": whether it has " + caches(unknown) + " is unknown, because it did not say so"
					+ outcome.complaint() + ". Without one, a start takes longer; "
					+ "the next deploy makes what is missing");
		}
	}

	private static String caches(List<String> images) {
		return ((images.size() == 1) ? "a class cache of " : "class caches of ")
				+ images.stream().map(KitNames::module).collect(Collectors.joining(" and "));
	}

	private record Outcome(List<Line> lines, String complaint) {
	}

	/**
	 * A line of the script. No other is printed.
	 *
	 * @param kind present, made or none
	 * @param image the image
	 * @param text the percentage of the classes and the seconds, or the reason
	 */
	private record Line(String kind, String image, String text) {

		private static final Pattern PATTERN = Pattern
			.compile("present \\S+|made \\S+ (\\d{1,2}|100) \\d{1,6}|none \\S+ .+");

		static List<Line> of(String out, List<String> images) {
			return out.lines().filter(PATTERN.asMatchPredicate()).map((line) -> {
				String[] words = line.split(" ", 3);
				return new Line(words[0], words[1], (words.length > 2) ? words[2] : "");
			}).filter((line) -> images.contains(line.image())).toList();
		}

		String percent() {
			return this.text.split(" ")[0];
		}

		int seconds() {
			return Integer.parseInt(this.text.split(" ")[1]);
		}

	}

}

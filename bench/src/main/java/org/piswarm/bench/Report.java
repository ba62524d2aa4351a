package org.piswarm.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The page with all figures, as Markdown. */
final class Report {

	private final Settings settings;

	private final Machine machine;

	private final String commit;

	private final String date;

	private final List<Subject> subjects;

	private final StringBuilder text = new StringBuilder();

	Report(Settings settings, Machine machine, String commit, String date, List<Subject> subjects) {
		this.settings = settings;
		this.machine = machine;
		this.commit = commit;
		this.date = date;
		this.subjects = subjects;
	}

	String text() {
		paragraph("# Benchmarks");
		paragraph(
				"""
						`make bench` measured these figures and wrote this page. It measures the producer next to other servers that
						answer `GET /number` with `{"number":n}`, all in one run on one machine. Compare the ratios: the absolute
						figures are those of this machine, where the client uses the same cores as the server.""");
		paragraph(
				"A cell with three figures shows the median and, in parentheses, the smallest and the largest value.");
		ratios();
		paragraph("## Machine and servers");
		machineTable();
		serversTable();
		paragraph(
				"""
						All servers listen on the loopback. All servers run while one of them has load. `webflux` has the same versions
						of Spring Boot and Reactor Netty as the producer, and no other code than the one request. `nginx` answers with a
						constant: it is the limit of what this machine can do.""");
		closedLoop();
		openLoop();
		starts();
		memory();
		notMeasured();
		return this.text.toString();
	}

	private void ratios() {
		paragraph("## Ratios");
		table("what", "value");
		ratio("requests/s at 64 connections: `producer` / `webflux`", "producer", "webflux", Report::throughput);
		ratio("requests/s at 64 connections: `producer-image` / `flask`", "producer-image", "flask",
				Report::throughput);
		ratio("requests/s at 64 connections: `producer-image` / `gunicorn`", "producer-image", "gunicorn",
				Report::throughput);
		ratio("start, warm page cache: `producer-image` / `webflux`", "producer-image", "webflux",
				(subject) -> millis(subject.warmStarts));
		ratio("start, empty page cache: `producer-image` / `webflux`", "producer-image", "webflux",
				(subject) -> millis(subject.coldStarts));
		for (String producer : List.of("producer", "producer-image")) {
			ratio("p99 at half of the maximum of `%s`: `%1$s` / `go`".formatted(producer), producer,
					LoadPhase.SAME_RATE, (subject) -> p99(subject,
							subject.name.equals(producer) ? LoadPhase.rateName(50) : LoadPhase.sameRateName(producer)));
		}
		for (String producer : List.of("producer", "producer-image")) {
			row("failed requests of `%s` at 2000 connections".formatted(producer),
					find(producer).filter((subject) -> !subject.rounds(LoadPhase.MANY).isEmpty())
						.map(Report::failures)
						.orElseGet(() -> missing(producer)));
		}
		this.text.append('\n');
	}

	private void ratio(String what, String above, String below, Function<Subject, List<Double>> figures) {
		List<Double> numerators = find(above).map(figures).orElse(List.of());
		List<Double> denominators = find(below).map(figures).orElse(List.of());
		String value = (!numerators.isEmpty() && !denominators.isEmpty())
				? Summary.ofRatios(numerators, denominators).toString()
				: Stream.of(above, below)
					.filter((name) -> find(name).map(figures).orElse(List.of()).isEmpty())
					.map(this::missing)
					.collect(Collectors.joining("; "));
		row(what, value);
	}

	private String missing(String name) {
		return "not measured: `%s` %s".formatted(name,
				find(name).map((subject) -> subject.trouble().orElse("has no such figure")).orElse("is not in PEERS"));
	}

	private void machineTable() {
		table("what", "value");
		row("date", this.date);
		row("commit", "`" + this.commit + "`");
		this.machine.facts().forEach(this::row);
		row("rounds", "%d of %d s".formatted(this.settings.rounds(), this.settings.seconds()));
		row("starts", Integer.toString(this.settings.starts()));
		this.text.append('\n');
	}

	private void serversTable() {
		table("server", "what runs", "notes");
		for (Subject subject : this.subjects) {
			String notes = subject.trouble().orElse("");
			if (subject.isMeasurable() && !subject.isWarm) {
				notes = "its throughput still changed by more than 4 %% after %d rounds".formatted(subject.warmRounds);
			}
			row("`" + subject.name + "`", subject.version(), notes);
		}
		this.text.append('\n');
	}

	private void closedLoop() {
		paragraph("## Throughput");
		paragraph(
				"""
						`wrk` sends the next request of a connection when it has the answer. Before, each server had the same load until
						two rounds in succession differed by less than 4 %. The CPU time is that of the server alone, for 10,000
						requests. The last column is the load directly after the server's first answer, measured once.""");
		paragraph("64 connections:");
		table("server", "requests/s", "p50 in ms", "p99 in ms", "CPU s per 10,000", "failed",
				"answers in the first %d s".formatted(this.settings.firstSeconds()));
		for (Subject subject : this.subjects) {
			roundsRow(subject, LoadPhase.FEW, String.format("%,d", subject.firstAnswers));
		}
		this.text.append('\n');
		paragraph(
				"""
						2000 connections. A request fails when its connection fails, when its answer has another status than 200, or when
						its answer takes longer than 2 s:""");
		table("server", "requests/s", "p50 in ms", "p99 in ms", "CPU s per 10,000", "failed");
		for (Subject subject : this.subjects) {
			roundsRow(subject, LoadPhase.MANY);
		}
		this.text.append('\n');
	}

	private void roundsRow(Subject subject, int connections, String... more) {
		List<Subject.Round> rounds = subject.rounds(connections);
		if (rounds.isEmpty()) {
			emptyRow(subject);
			return;
		}
		List<String> cells = new ArrayList<>(
				List.of("`" + subject.name + "`", Summary.of(subject.throughput(connections)).toString(),
						Summary.text(median(rounds, (round) -> round.load().p50())),
						Summary.text(median(rounds, (round) -> round.load().p99())),
						Summary.text(median(rounds, Subject.Round::cpuSecondsPer10000)),
						(connections == LoadPhase.MANY) ? failures(subject)
								: Long.toString(rounds.stream().mapToLong((round) -> round.load().failed()).sum())));
		cells.addAll(Arrays.asList(more));
		row(cells.toArray(String[]::new));
	}

	private void openLoop() {
		paragraph("## Latency at a fixed rate");
		paragraph(
				"""
						A client sends requests over 64 connections at 25, 50 and 75 % of the server's own median in the table above,
						whether the server keeps up or not. The latency counts from the time at which the request was due, so a pause of
						the server is part of all requests that were due in it. The client's own resolution is about 0.1 ms. Values are
						medians of the rounds: p50 / p99 / p99.9 in ms.""");
		table("server", "requests/s at 50 %", "25 %", "50 %", "75 %", "failed");
		for (Subject subject : this.subjects) {
			if (subject.openLoop.isEmpty()) {
				emptyRow(subject);
				continue;
			}
			List<String> cells = new ArrayList<>(List.of("`" + subject.name + "`",
					"%,.0f".formatted(results(subject, LoadPhase.rateName(50)).get(0).rate())));
			LoadPhase.SHARES.forEach((share) -> cells.add(latencies(results(subject, LoadPhase.rateName(share)))));
			cells.add(Integer.toString(LoadPhase.SHARES.stream()
				.flatMap((share) -> results(subject, LoadPhase.rateName(share)).stream())
				.mapToInt(OpenLoop.Result::failed)
				.sum()));
			row(cells.toArray(String[]::new));
		}
		this.text.append('\n');
		find(LoadPhase.SAME_RATE).ifPresent(this::sameRate);
	}

	private void sameRate(Subject peer) {
		for (String producer : List.of("producer", "producer-image")) {
			List<OpenLoop.Result> results = results(peer, LoadPhase.sameRateName(producer));
			if (!results.isEmpty()) {
				paragraph("`%s` at the rate of `%s` at 50 %%, %,.0f requests/s: %s".formatted(peer.name, producer,
						results.get(0).rate(), latencies(results)));
			}
		}
	}

	private String latencies(List<OpenLoop.Result> results) {
		String cell = "%s / %s / %s".formatted(Summary.text(median(results, OpenLoop.Result::p50)),
				Summary.text(median(results, OpenLoop.Result::p99)),
				Summary.text(median(results, OpenLoop.Result::p999)));
		return results.stream().allMatch(OpenLoop.Result::isHeld) ? cell : cell + " (%.0f %% of the rate)"
			.formatted(100 * median(results, (result) -> result.perSecond() / result.rate()));
	}

	private void starts() {
		paragraph("## Start");
		paragraph(
				"""
						From the start of the process to its first good answer, in ms. The page cache is warm after a start that is not
						counted; %s"""
					.formatted(this.settings.cold()
							? """
									it is emptied before each start of the last column. Only what other programs use at that time, such as libc,
									stays in it. The JVMs run on a copy of the JDK that no other program uses."""
							: "starts with an empty one were not measured, because only root can empty it."));
		table("server", "warm page cache", "empty page cache");
		for (Subject subject : this.subjects) {
			if (subject.warmStarts.isEmpty()) {
				emptyRow(subject);
			}
			else {
				row("`" + subject.name + "`", Summary.of(millis(subject.warmStarts)).toString(),
						Summary.of(millis(subject.coldStarts)).toString());
			}
		}
		this.text.append('\n');
	}

	private void memory() {
		paragraph("## Memory");
		paragraph(
				"""
						Resident memory of all processes of the server, in MiB; in parentheses the anonymous part, which no file backs.
						"Idle" is %d s after the first answer. Under load it is the largest value of the rounds. "After" is %d s after
						the last load."""
					.formatted(this.settings.seconds(), this.settings.seconds()));
		table("server", "idle", "64 connections", "2000 connections", "after");
		for (Subject subject : this.subjects) {
			if (subject.idleMemory == Memory.NONE) {
				emptyRow(subject);
			}
			else {
				row("`" + subject.name + "`", mebibytes(subject.idleMemory), mebibytes(most(subject, LoadPhase.FEW)),
						mebibytes(most(subject, LoadPhase.MANY)), mebibytes(subject.lastMemory));
			}
		}
		this.text.append('\n');
	}

	private void notMeasured() {
		this.text.append("""
				## Not measured

				- replicas behind the routing mesh of a Swarm;
				- a Raspberry Pi, or another machine with arm64;
				- a client on another machine;
				- the size of the images;
				- the consumer (`bench/pages` measures its memory with many live pages).
				""");
	}

	private static Memory most(Subject subject, int connections) {
		return subject.rounds(connections).stream().map(Subject.Round::memory).reduce(Memory.NONE, Memory::max);
	}

	private static String mebibytes(Memory memory) {
		return (memory == Memory.NONE) ? "–"
				: "%.0f (%.0f)".formatted(memory.rssKib() / 1024.0, memory.anonymousKib() / 1024.0);
	}

	private static String failures(Subject subject) {
		long failed = subject.rounds(LoadPhase.MANY).stream().mapToLong((round) -> round.load().failed()).sum();
		long answered = subject.rounds(LoadPhase.MANY).stream().mapToLong((round) -> round.load().answered()).sum();
		return "%,d of %,d".formatted(failed, failed + answered);
	}

	private static List<Double> throughput(Subject subject) {
		return subject.throughput(LoadPhase.FEW);
	}

	private static List<Double> p99(Subject subject, String rate) {
		return results(subject, rate).stream().map(OpenLoop.Result::p99).toList();
	}

	private static List<OpenLoop.Result> results(Subject subject, String rate) {
		return subject.openLoop.getOrDefault(rate, List.of());
	}

	private static List<Double> millis(List<Duration> durations) {
		return durations.stream().map((duration) -> duration.toNanos() / 1e6).toList();
	}

	private static <T> double median(List<T> values, Function<T, Double> figure) {
		return Summary.of(values.stream().map(figure).toList()).median();
	}

	private Optional<Subject> find(String name) {
		return this.subjects.stream().filter((subject) -> subject.name.equals(name)).findFirst();
	}

	private void emptyRow(Subject subject) {
		row("`" + subject.name + "`", subject.trouble().orElse("no figure"));
	}

	private void paragraph(String paragraph) {
		this.text.append(paragraph).append("\n\n");
	}

	private void table(String... columns) {
		row(columns);
		this.text.append("|---".repeat(columns.length)).append("|\n");
	}

	private void row(String... cells) {
		// A reason from a program's output could otherwise break the table.
		this.text.append(Arrays.stream(cells)
			.map((cell) -> cell.replace("|", "\\|").replace("\n", " "))
			.collect(Collectors.joining(" | ", "| ", " |\n")));
	}

}

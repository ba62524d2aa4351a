package org.piswarm.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The closed loop. */
final class ThroughputSection {

	private final Page page;

	private final Subjects subjects;

	private ThroughputSection(Page page, Subjects subjects) {
		this.page = page;
		this.subjects = subjects;
	}

	static void write(Page page, Settings settings, Subjects subjects) {
		new ThroughputSection(page, subjects).write(settings);
	}

	private void write(Settings settings) {
		this.page.paragraph("## Throughput");
		this.page.paragraph(
				"""
						`wrk` sends the next request of a connection when it has the answer. Before, each server had the same load until
						two rounds in succession differed by less than %.0f %%, for at most %d rounds. The CPU time is that of the server
						alone, for 10,000 requests. The last column is the load directly after the server's first answer, measured once%s."""
					.formatted(100 * LoadPhase.WARM, settings.warmRounds(),
							settings.cold() ? ", after a start with an empty page cache" : ""));
		this.page.paragraph("Requests/s at %d connections:".formatted(LoadPhase.FEW));
		this.page.bars(this.subjects.medians((subject) -> subject.throughput(LoadPhase.FEW)));
		this.page.table("server", "requests/s", "rounds", "p50 in ms", "p99 in ms", "CPU s per 10,000", "failed",
				"answers in the first %d s".formatted(settings.firstSeconds()));
		for (Subject subject : this.subjects.all()) {
			row(subject, LoadPhase.FEW, String.format("%,d", subject.firstAnswers));
		}
		this.page.endTable();
		this.page.paragraph(
				"""
						%d connections. A request fails when its connection fails, when its answer has another status than 200, or when
						its answer takes longer than 2 s:"""
					.formatted(LoadPhase.MANY));
		this.page.table("server", "requests/s", "rounds", "p50 in ms", "p99 in ms", "CPU s per 10,000", "failed");
		for (Subject subject : this.subjects.all()) {
			row(subject, LoadPhase.MANY);
		}
		this.page.endTable();
	}

	private void row(Subject subject, int connections, String... more) {
		List<Subject.Round> rounds = subject.rounds(connections);
		if (rounds.isEmpty()) {
			this.page.emptyRow(subject);
			return;
		}
		List<String> cells = new ArrayList<>(List.of(Page.code(subject.name),
				Summary.of(subject.throughput(connections)).toString(), Integer.toString(rounds.size()),
				Summary.text(Subjects.median(rounds, (round) -> round.load().p50())),
				Summary.text(Subjects.median(rounds, (round) -> round.load().p99())),
				Summary.text(Subjects.median(rounds, Subject.Round::cpuSecondsPer10000)),
				(connections == LoadPhase.MANY) ? failures(subject) : Long.toString(failed(rounds))));
		cells.addAll(Arrays.asList(more));
		this.page.row(cells.toArray(String[]::new));
	}

	static String failures(Subject subject) {
		List<Subject.Round> rounds = subject.rounds(LoadPhase.MANY);
		long answered = rounds.stream().mapToLong((round) -> round.load().answered()).sum();
		return "%,d of %,d".formatted(failed(rounds), failed(rounds) + answered);
	}

	private static long failed(List<Subject.Round> rounds) {
		return rounds.stream().mapToLong((round) -> round.load().failed()).sum();
	}

}

package org.piswarm.bench;

import java.util.ArrayList;
import java.util.List;

/** The open loop. */
final class LatencySection {

	private LatencySection() {
	}

	static void write(Page page, Subjects subjects) {
		page.paragraph("## Latency at a fixed rate");
		page.paragraph(
				"""
						A client sends requests over %d connections at 25, 50 and 75 %% of the server's own median in the table above,
						whether the server keeps up or not. The latency counts from the time at which the request was due, so a pause of
						the server is part of all requests that were due in it. The client's own resolution is about 0.1 ms. Values are
						medians of the rounds: p50 / p99 / p99.9 in ms."""
					.formatted(LoadPhase.FEW));
		page.table("server", "requests/s at 50 %", "25 %", "50 %", "75 %", "failed");
		for (Subject subject : subjects.all()) {
			if (subject.openLoop.isEmpty()) {
				page.emptyRow(subject);
				continue;
			}
			List<String> cells = new ArrayList<>(List.of(Page.code(subject.name),
					"%,.0f".formatted(Subjects.median(results(subject, FixedRates.name(50)), OpenLoop.Result::rate))));
			FixedRates.SHARES.forEach((share) -> cells.add(latencies(results(subject, FixedRates.name(share)))));
			cells.add(Integer.toString(FixedRates.SHARES.stream()
				.flatMap((share) -> results(subject, FixedRates.name(share)).stream())
				.mapToInt(OpenLoop.Result::failed)
				.sum()));
			page.row(cells.toArray(String[]::new));
		}
		page.endTable();
		subjects.find(FixedRates.SAME_RATE).ifPresent((peer) -> sameRates(page, peer));
	}

	private static void sameRates(Page page, Subject peer) {
		for (String producer : FixedRates.PRODUCERS) {
			List<OpenLoop.Result> results = results(peer, FixedRates.sameRateName(producer));
			if (!results.isEmpty()) {
				page.paragraph("`%s` at the rate of `%s` at 50 %%, %,.0f requests/s: %s".formatted(peer.name, producer,
						results.get(0).rate(), latencies(results)));
			}
		}
	}

	private static String latencies(List<OpenLoop.Result> results) {
		String cell = "%s / %s / %s".formatted(Summary.text(Subjects.median(results, OpenLoop.Result::p50)),
				Summary.text(Subjects.median(results, OpenLoop.Result::p99)),
				Summary.text(Subjects.median(results, OpenLoop.Result::p999)));
		return results.stream().allMatch(OpenLoop.Result::isHeld) ? cell : cell + " (%.0f %% of the rate)"
			.formatted(100 * Subjects.median(results, (result) -> result.perSecond() / result.rate()));
	}

	private static List<OpenLoop.Result> results(Subject subject, String rate) {
		return subject.openLoop.getOrDefault(rate, List.of());
	}

}

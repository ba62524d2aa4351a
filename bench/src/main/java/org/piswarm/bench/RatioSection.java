package org.piswarm.bench;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The figures that matter, with the project's goals for them. */
final class RatioSection {

	private final Page page;

	private final Subjects subjects;

	private RatioSection(Page page, Subjects subjects) {
		this.page = page;
		this.subjects = subjects;
	}

	static void write(Page page, Subjects subjects) {
		new RatioSection(page, subjects).write();
	}

	private void write() {
		this.page.paragraph("## Ratios and goals");
		this.page.table("what", "goal", "value");
		throughput("≥ 1.0", "producer", "webflux");
		throughput("≥ 1.0 later", "producer", "go");
		throughput("≥ 11", "producer-image", "flask");
		throughput("≥ 6", "producer-image", "gunicorn");
		ratio("start, warm page cache", "≤ 0.28", "producer-cached", "webflux", (subject) -> subject.warmStarts);
		ratio("start, empty page cache", "≤ 0.28", "producer-cached", "webflux", (subject) -> subject.coldStarts);
		ratio("start, warm page cache", "≤ 0.5", "producer-image", "webflux", (subject) -> subject.warmStarts);
		ratio("start, empty page cache", "≤ 0.5", "producer-image", "webflux", (subject) -> subject.coldStarts);
		for (String producer : FixedRates.PRODUCERS) {
			ratio("p99 at half of the maximum of `%s`".formatted(producer), "≤ 1.5", producer, FixedRates.SAME_RATE,
					(subject) -> p99(subject,
							subject.name.equals(producer) ? FixedRates.name(50) : FixedRates.sameRateName(producer)));
		}
		for (String producer : FixedRates.PRODUCERS) {
			this.page.row("failed requests of `%s` at %d connections".formatted(producer, LoadPhase.MANY), "0",
					this.subjects.find(producer)
						.filter((subject) -> !subject.rounds(LoadPhase.MANY).isEmpty())
						.map(ThroughputSection::failures)
						.orElseGet(() -> this.subjects.missing(producer)));
		}
		this.page.endTable();
	}

	private void throughput(String goal, String above, String below) {
		ratio("requests/s at %d connections".formatted(LoadPhase.FEW), goal, above, below,
				(subject) -> subject.throughput(LoadPhase.FEW));
	}

	private void ratio(String what, String goal, String above, String below, Function<Subject, List<Double>> figures) {
		List<Double> numerators = this.subjects.find(above).map(figures).orElse(List.of());
		List<Double> denominators = this.subjects.find(below).map(figures).orElse(List.of());
		String value = (!numerators.isEmpty() && !denominators.isEmpty())
				? Summary.ofRatios(numerators, denominators).toString()
				: Stream.of(above, below)
					.filter((name) -> this.subjects.find(name).map(figures).orElse(List.of()).isEmpty())
					.map(this.subjects::missing)
					.collect(Collectors.joining("; "));
		this.page.row("%s: `%s` / `%s`".formatted(what, above, below), goal, value);
	}

	private static List<Double> p99(Subject subject, String rate) {
		return subject.openLoop.getOrDefault(rate, List.of()).stream().map(OpenLoop.Result::p99).toList();
	}

}

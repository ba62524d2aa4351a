package org.piswarm.bench;

import java.util.Comparator;
import java.util.stream.Stream;

/** How many consumers one producer serves. */
final class ConsumersSection {

	private ConsumersSection() {
	}

	static void write(Page page, Measured<ConsumersPhase.Capacity> measured) {
		page.paragraph("## Consumers of one producer");
		page.paragraph(
				"""
						One `%s` on one core. Each consumer is one connection with one poll in %d s, in an open loop. The producer serves
						them if no poll fails and p99 is below %.0f ms. Each number was tried for %d polls, and if it failed, a second
						time. The first poll of each consumer opens its connection."""
					.formatted(ConsumersPhase.PRODUCER, ConsumersPhase.POLL_SECONDS, ConsumersPhase.MOST_P99_MILLIS,
							ConsumersPhase.POLLS));
		measured.show(page, (capacity) -> show(page, capacity));
	}

	private static void show(Page page, ConsumersPhase.Capacity capacity) {
		page.paragraph("With a memory limit of %d MB, as in `stack.yml`, it %s.".formatted(capacity.megabytes(),
				(capacity.consumers() > 0) ? "served **%,d consumers**".formatted(capacity.consumers())
						: "did not serve the fewest that were tried")
				+ (capacity.isLimitOfClient() ? " This is the most that the client can be: the producer may serve more."
						: ""));
		page.table("consumers", "polls/s", "p50 in ms", "p99 in ms", "failed", "served");
		Stream.concat(capacity.good().stream(), capacity.bad().stream())
			.sorted(Comparator.comparingDouble(OpenLoop.Result::rate))
			.forEach((result) -> page.row("%,.0f".formatted(result.rate() * ConsumersPhase.POLL_SECONDS),
					"%,.0f".formatted(result.rate()), Summary.text(result.p50()), Summary.text(result.p99()),
					Integer.toString(result.failed()), capacity.good().contains(result) ? "yes" : "no"));
		page.endTable();
		page.paragraph(
				"""
						`PRODUCER_MAX_CONNECTIONS` was raised for this: with its default, the producer closes connections above 3000.
						Its memory at the end: %s MiB."""
					.formatted(MemorySection.mebibytes(capacity.memory())));
	}

}

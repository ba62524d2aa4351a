package org.piswarm.bench;

import java.time.Duration;

/** Where, when and with what the figures were measured. */
final class MachineSection {

	private MachineSection() {
	}

	static void write(Page page, Settings settings, Machine machine, Duration took, Subjects subjects) {
		page.paragraph("## Machine and servers");
		page.table("what", "value");
		machine.facts().forEach(page::row);
		page.row("duration of the run", "%d min".formatted(Math.round(took.toSeconds() / 60.0)));
		page.row("rounds under load",
				"up to %d of %d s; after %d, a server whose rounds differ by less than %.0f %% has no more"
					.formatted(settings.rounds(), settings.seconds(), LoadPhase.FEWEST, 100 * LoadPhase.SETTLED));
		page.row("rounds at a fixed rate", "%d of %d s".formatted(FixedRates.rounds(settings), settings.seconds()));
		page.row("starts", "up to %d; after %d, a server whose starts differ by less than %.0f %% has no more"
			.formatted(settings.starts(), StartPhase.FEWEST, 100 * StartPhase.SETTLED));
		page.endTable();
		page.table("server", "what runs", "notes");
		for (Subject subject : subjects.all()) {
			String notes = subject.trouble().orElse("");
			if (subject.isMeasurable() && !subject.isWarm) {
				notes = "its throughput still changed by more than %.0f %% after %d rounds"
					.formatted(100 * LoadPhase.WARM, subject.warmRounds);
			}
			page.row(Page.code(subject.name), subject.version(), notes);
		}
		page.endTable();
		page.paragraph(
				"""
						All servers listen on the loopback. All servers run while one of them has load. `webflux` has the same versions
						of Spring Boot and Reactor Netty as the producer, and no other code than the one request. `producer-image` starts
						as the image does, with its JVM flags; Jib lays out the same jars. `producer-cached` also has a class cache, as the
						nodes of a Swarm have it. `nginx` answers with a constant: it is the
						limit of what this machine can do.""");
	}

}

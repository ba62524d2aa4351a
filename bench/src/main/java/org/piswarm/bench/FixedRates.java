package org.piswarm.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Measures latencies at shares of a server's own maximum. */
final class FixedRates {

	/** In percent. */
	static final List<Integer> SHARES = List.of(25, 50, 75);

	static final List<String> PRODUCERS = List.of("producer", "producer-image");

	/** Gets the rates of the producers too, so that latencies can be compared. */
	static final String SAME_RATE = "go";

	private static final int CONNECTIONS = LoadPhase.FEW;

	/** Each round has several rates. */
	private static final int MOST_ROUNDS = 3;

	private final Settings settings;

	FixedRates(Settings settings) {
		this.settings = settings;
	}

	static int rounds(Settings settings) {
		return Math.min(settings.rounds(), MOST_ROUNDS);
	}

	static String name(int share) {
		return share + " %";
	}

	static String sameRateName(String producer) {
		return "half of " + producer;
	}

	/**
	 * One round.
	 * @param all the servers that run
	 */
	void measure(Subject subject, List<Subject> all) throws IOException {
		for (int share : SHARES) {
			measure(subject, name(share), most(subject) * share / 100);
		}
		if (subject.name.equals(SAME_RATE)) {
			for (Subject other : all) {
				if (PRODUCERS.contains(other.name)) {
					measure(subject, sameRateName(other.name), most(other) / 2);
				}
			}
		}
	}

	private static double most(Subject subject) {
		return Summary.of(subject.throughput(LoadPhase.FEW)).median();
	}

	private void measure(Subject subject, String name, double rate) throws IOException {
		// A server that answered nothing has no maximum.
		if (rate > 0) {
			subject.openLoop.computeIfAbsent(name, (key) -> new ArrayList<>())
				.add(OpenLoop.run(subject.peer().port(), rate, CONNECTIONS,
						Duration.ofSeconds(this.settings.seconds())));
		}
	}

}

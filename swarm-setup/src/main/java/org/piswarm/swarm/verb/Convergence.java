package org.piswarm.swarm.verb;

import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.piswarm.swarm.docker.ServiceCount;
import org.piswarm.swarm.docker.SwarmState;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.pis.Pi;

/**
 * Waits until the Swarm has done what it was asked for.
 *
 * @param scout asks
 * @param managers who is asked
 */
record Convergence(Scout scout, List<Pi> managers) {

	static final long LIMIT_MINUTES = 4;

	/** Answers in a row, because Swarm takes a moment to begin. */
	private static final int CALM_ANSWERS = 3;

	/**
	 * Asks until nothing is left. Unknown at the limit, with what was left then.
	 * @param subject what is waited for
	 * @param left what is left to wait for; if that is unknown, it asks again
	 */
	Fact<SwarmState> await(String subject, Function<SwarmState, Fact<List<String>>> left) {
		long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(LIMIT_MINUTES);
		String waiting = subject;
		for (int calm = 0;;) {
			String next;
			this.scout.progress().begin(waiting);
			try {
				SwarmState state = this.scout.state(this.managers).state();
				Fact<List<String>> open = left.apply(state);
				calm = open.equals(Fact.known(List.of())) ? calm + 1 : 0;
				if (calm == CALM_ANSWERS) {
					return Fact.known(state);
				}
				next = subject + ": " + describe(open);
				if (System.nanoTime() > end) {
					return Fact.unknown(next);
				}
				pause();
			}
			finally {
				this.scout.progress().end(waiting);
			}
			waiting = next;
		}
	}

	private static String describe(Fact<List<String>> open) {
		return open.fold((list) -> list.isEmpty() ? "done; asking again" : String.join("; ", list),
				(reason) -> "its state is unknown: " + reason);
	}

	private static void pause() {
		try {
			TimeUnit.MILLISECONDS.sleep(500);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new Failure("interrupted: run it again to finish");
		}
	}

	/** The services that lack replicas: a change elsewhere does not wait for them. */
	static Set<String> incomplete(SwarmState state) {
		return state.counts()
			.fold((counts) -> counts.stream()
				.filter((count) -> count.shortage().isPresent())
				.map((count) -> count.service().name())
				.collect(Collectors.toSet()), (reason) -> {
					throw new Failure("the services are unknown, so nothing was changed: " + reason);
				});
	}

	/** What the other services still lack. */
	static Fact<List<String>> open(SwarmState state, Set<String> ignored) {
		return state.counts()
			.map((counts) -> counts.stream()
				.filter((count) -> !ignored.contains(count.service().name()))
				.flatMap((count) -> count.open().stream())
				.toList());
	}

}

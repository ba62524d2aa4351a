package org.piswarm.swarm.judge;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.piswarm.swarm.docker.DockerInfo;
import org.piswarm.swarm.facts.PiFacts;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.pis.Role;

/**
 * What {@code swarm down} does with a Pi.
 *
 * @param kind what it does
 * @param reason why the Pi stays as it is
 */
public record Departure(Kind kind, String reason) {

	/** What happens to a Pi. */
	public enum Kind {

		/** It leaves the Swarm. */
		LEAVES,
		/** It is in none. */
		OUT,
		/** It is in another Swarm, or that is unknown. */
		STAYS

	}

	/**
	 * Decides for one Pi.
	 * @param fact what it says
	 * @param home the Swarm of the list
	 * @param all what all Pis say
	 */
	public static Departure of(Fact<PiFacts> fact, Fact<Optional<String>> home, Map<Pi, Fact<PiFacts>> all) {
		return fact.fold(
				(facts) -> Home.swarmOf(facts)
					.fold((own) -> of(facts, own, home, all),
							(reason) -> new Departure(Kind.STAYS, "which Swarm it is in is unknown: " + reason)),
				(reason) -> new Departure(Kind.STAYS, reason));
	}

	private static Departure of(PiFacts facts, Optional<String> own, Fact<Optional<String>> home,
			Map<Pi, Fact<PiFacts>> all) {
		if (own.isEmpty()) {
			return new Departure(Kind.OUT, "");
		}
		if (home.value().flatMap((id) -> id).isPresent()) {
			return home.equals(Fact.known(own)) ? new Departure(Kind.LEAVES, "")
					: new Departure(Kind.STAYS, "is in another Swarm, and stays there");
		}
		return hasItsManagersElsewhere(facts, all)
				? new Departure(Kind.STAYS,
						"is in a Swarm whose manager is not certainly in the list, and stays there: "
								+ "if you do not need that Swarm, run 'docker swarm leave --force' on this Pi")
				: new Departure(Kind.LEAVES, "");
	}

	/**
	 * No manager in the list has said which Swarm is theirs: they have left it, or do not
	 * answer. A worker belongs to them if it looks for its managers at their addresses.
	 */
	private static boolean hasItsManagersElsewhere(PiFacts facts, Map<Pi, Fact<PiFacts>> all) {
		DockerInfo.Swarm swarm = facts.docker().info().map(DockerInfo::swarm).value().orElse(null);
		if (swarm == null || swarm.role() == Role.MANAGER || swarm.managers().isEmpty()) {
			return true;
		}
		if (all.entrySet()
			.stream()
			.anyMatch((pi) -> pi.getKey().role() == Role.MANAGER && pi.getValue() instanceof Fact.Unknown)) {
			return false;
		}
		List<String> addresses = all.values()
			.stream()
			.flatMap((other) -> other.flatMap((known) -> known.network().addresses()).value().stream())
			.flatMap(List::stream)
			.toList();
		return !addresses.containsAll(swarm.managers());
	}

}

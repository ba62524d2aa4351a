package org.piswarm.swarm.judge;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

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
	public static Departure of(Fact<PiFacts> fact, Home home, Map<Pi, Fact<PiFacts>> all) {
		return fact.fold((facts) -> Home.swarmOf(facts)
			.fold((own) -> of(facts, own, home, all), (reason) -> stays("which Swarm it is in is unknown: " + reason)),
				Departure::stays);
	}

	private static Departure stays(String reason) {
		return new Departure(Kind.STAYS, reason);
	}

	private static Departure of(PiFacts facts, Optional<String> own, Home home, Map<Pi, Fact<PiFacts>> all) {
		if (own.isEmpty()) {
			return new Departure(Kind.OUT, "");
		}
		if (home.swarmId().value().flatMap((id) -> id).isEmpty()) {
			return ofManagers(facts, all);
		}
		if (!home.swarmId().equals(Fact.known(own))) {
			return stays("is in another Swarm, and stays there");
		}
		List<Pi> strangers = Home.silentBefore(all)
			.stream()
			.filter((pi) -> home.nodes()
				.value()
				.stream()
				.flatMap(List::stream)
				.noneMatch((node) -> pi.isCalled(node.hostname(), node.address())))
			.toList();
		return strangers.isEmpty() ? new Departure(Kind.LEAVES, "")
				: stays("is in a Swarm that is not certainly that of " + names(strangers)
						+ ", and stays there: switch that manager on, or remove it from the list if it is lost");
	}

	/**
	 * No manager in the list has said which Swarm is theirs: they have left it, or do not
	 * answer. A worker belongs to them if it looks for its managers at their addresses
	 * alone. Of a Pi that does not answer, the list may have the address.
	 */
	private static Departure ofManagers(PiFacts facts, Map<Pi, Fact<PiFacts>> all) {
		DockerInfo.Swarm swarm = facts.docker().info().map(DockerInfo::swarm).value().orElse(null);
		List<String> addresses = all.entrySet()
			.stream()
			.flatMap((entry) -> entry.getValue()
				.fold((known) -> known.network().addresses().value().orElse(List.of()),
						(reason) -> List.of(entry.getKey().host()))
				.stream())
			.toList();
		if (swarm != null && swarm.role() == Role.WORKER && !swarm.managers().isEmpty()
				&& addresses.containsAll(swarm.managers())) {
			return new Departure(Kind.LEAVES, "");
		}
		List<Pi> silent = Home.silentBefore(all);
		return stays("is in a Swarm whose manager is not certainly in the list"
				+ (silent.isEmpty() ? "" : ", because " + names(silent) + " does not say its Swarm")
				+ ", and stays there: if you do not need that Swarm, run 'docker swarm leave --force' on this Pi");
	}

	private static String names(List<Pi> pis) {
		return pis.stream().map(Pi::name).collect(Collectors.joining(" and "));
	}

}

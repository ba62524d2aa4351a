package org.piswarm.swarm.judge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.piswarm.swarm.docker.DockerInfo;
import org.piswarm.swarm.docker.Node;
import org.piswarm.swarm.facts.Certificate;
import org.piswarm.swarm.facts.PiFacts;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.pis.Role;

/**
 * The Swarm that the Pis of the list belong to: the one of its first manager that is in a
 * Swarm.
 *
 * @param swarmId its ID; empty if no manager in the list is in a Swarm
 * @param nodes its nodes, as one of its managers lists them
 */
public record Home(Fact<Optional<String>> swarmId, Fact<List<Node>> nodes) {

	/** The ID of the Swarm of the first manager that is in one. */
	public static Fact<Optional<String>> idOf(Map<Pi, Fact<PiFacts>> facts) {
		Fact<Optional<String>> id = Fact.known(Optional.empty());
		for (Map.Entry<Pi, Fact<PiFacts>> entry : facts.entrySet()) {
			if (entry.getKey().role() != Role.MANAGER) {
				continue;
			}
			Fact<Optional<String>> own = entry.getValue().flatMap(Home::swarmOf);
			if (own.value().flatMap((value) -> value).isPresent()) {
				return own;
			}
			if (own instanceof Fact.Unknown<Optional<String>> unknown) {
				id = Fact.unknown(entry.getKey().name() + ", a manager in the list: " + unknown.reason());
			}
		}
		return id;
	}

	/**
	 * Whether no manager that did not answer stands in the list before the one whose
	 * Swarm counts: it could be in another Swarm.
	 */
	static boolean isCertain(Map<Pi, Fact<PiFacts>> facts) {
		return silentBefore(facts).isEmpty();
	}

	/** These managers. */
	static List<Pi> silentBefore(Map<Pi, Fact<PiFacts>> facts) {
		List<Pi> silent = new ArrayList<>();
		for (Map.Entry<Pi, Fact<PiFacts>> entry : facts.entrySet()) {
			if (entry.getKey().role() == Role.MANAGER) {
				Fact<Optional<String>> own = entry.getValue().flatMap(Home::swarmOf);
				if (own.value().flatMap((id) -> id).isPresent()) {
					break;
				}
				if (own instanceof Fact.Unknown) {
					silent.add(entry.getKey());
				}
			}
		}
		return silent;
	}

	/** The ID of the Swarm that a Pi is in; empty if it is in none. */
	public static Fact<Optional<String>> swarmOf(PiFacts facts) {
		if (facts.docker().installed().value().filter((installed) -> !installed).isPresent()) {
			return Fact.known(Optional.empty());
		}
		return facts.docker().info().map(DockerInfo::swarm).flatMap((swarm) -> {
			if (swarm.state().equals("inactive")) {
				return Fact.known(Optional.empty());
			}
			if (swarm.swarmId().isPresent()) {
				return Fact.known(swarm.swarmId());
			}
			return facts.docker()
				.certificate()
				.map((certificate) -> certificate.map(Certificate::swarmId).map(Optional::of))
				.orElseGet(() -> Fact.unknown("it has no certificate that names its Swarm"));
		});
	}

	/** The node of a Pi, if both are known. */
	Optional<Node> node(String id) {
		return this.nodes.value().flatMap((list) -> list.stream().filter((node) -> node.id().equals(id)).findFirst());
	}

}

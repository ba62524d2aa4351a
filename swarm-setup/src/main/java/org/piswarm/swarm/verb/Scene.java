package org.piswarm.swarm.verb;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.piswarm.swarm.docker.Node;
import org.piswarm.swarm.docker.SwarmState;
import org.piswarm.swarm.facts.PiFacts;
import org.piswarm.swarm.judge.Identities;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.pis.Pi;

/**
 * What could be found out about the Pis and their Swarm.
 *
 * @param facts the facts of each Pi
 * @param home the ID of the Swarm that they belong to
 * @param managers the managers of that Swarm that answer, in the order in which they are
 * asked
 * @param manager the manager that listed the nodes, if one did
 * @param state what a manager of that Swarm says; unknown in all parts if none answered
 */
record Scene(Map<Pi, Fact<PiFacts>> facts, Fact<Optional<String>> home, List<Pi> managers, Optional<Pi> manager,
		SwarmState state) {

	/** The same Pis, with what a manager said later. */
	Scene with(Scout.Told told) {
		return new Scene(this.facts, this.home, this.managers, told.by(), told.state());
	}

	/** Without a manager, nothing can be shown or changed. */
	void requireManager() {
		if (this.managers.isEmpty()) {
			StringBuilder message = new StringBuilder(
					"found no manager of a Swarm that answers: 'swarm check' says more");
			this.facts.forEach((pi, fact) -> fact.flatMap((known) -> known.docker().info())
				.fold((known) -> message,
						(reason) -> message.append(". ").append(pi.name()).append(": ").append(reason)));
			throw new Failure(message.toString());
		}
	}

	/** The nodes of the Swarm; without them, nothing can be changed. */
	List<Node> nodes() {
		return this.state.nodes().fold((nodes) -> nodes, (reason) -> {
			throw new Failure("found no manager of a Swarm that answers, so nothing was changed: " + reason
					+ ". 'swarm check' says more");
		});
	}

	/** The facts of one Pi. */
	Fact<PiFacts> of(Pi pi) {
		return this.facts.getOrDefault(pi, Fact.unknown("not in the list"));
	}

	/** The facts of the Pi that is this node. */
	Optional<PiFacts> factsOf(Node node) {
		Identities identities = identities();
		return identities.pi(node).filter((pi) -> identities.reports(pi, node)).flatMap((pi) -> of(pi).value());
	}

	Identities identities() {
		return new Identities(this.state.nodes().value().orElse(List.of()), this.facts);
	}

	/**
	 * The Pi of the list that is this node, which is down, and does not answer either.
	 */
	Optional<Pi> unreached(Node node) {
		return this.facts.entrySet()
			.stream()
			.filter((entry) -> entry.getValue() instanceof Fact.Unknown<PiFacts> unknown
					&& unknown.reason().startsWith("does not answer"))
			.map(Map.Entry::getKey)
			.filter((pi) -> !node.isReady() && pi.isCalled(node.hostname(), node.address()))
			.findFirst();
	}

}

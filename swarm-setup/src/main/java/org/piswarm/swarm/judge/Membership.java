package org.piswarm.swarm.judge;

import java.util.Optional;

import org.piswarm.swarm.docker.DockerInfo;
import org.piswarm.swarm.docker.Node;
import org.piswarm.swarm.facts.PiFacts;
import org.piswarm.swarm.pis.Pi;

/**
 * Judges whether a Pi is in the Swarm of the list. It advises to leave a Swarm only if a
 * manager of the list's Swarm has answered that the Pi is not one of its nodes.
 *
 * @param pi the Pi
 * @param facts what it says
 * @param home the Swarm of the list
 * @param certain whether it is the one of the first manager in the list
 */
record Membership(Pi pi, PiFacts facts, Home home, boolean certain) {

	Verdict judge(DockerInfo.Swarm swarm) {
		return switch (swarm.state()) {
			case "inactive" -> Verdict.up("Swarm", "is in no Swarm");
			case "active" -> this.home.nodes()
				.fold((nodes) -> this.home.node(swarm.nodeId())
					.map((node) -> member(swarm, node))
					.orElseGet(() -> stranger(swarm)), (reason) -> undecided(swarm, reason));
			case "locked" -> Verdict.bad("Swarm", "is locked: run 'docker swarm unlock' on this Pi");
			default -> Verdict.bad("Swarm", "is in the state " + swarm.state() + " and reaches no manager"
					+ (swarm.error().isEmpty() ? "" : " (" + swarm.error() + ")")
					+ ": switch the managers on; if they are lost, see docs/operations.md, \"Losing the manager\"");
		};
	}

	private Verdict member(DockerInfo.Swarm swarm, Node node) {
		return Verdict.on("Swarm", this.facts.network().addresses(), (addresses) -> {
			if (!addresses.contains(swarm.address())) {
				return Verdict.bad("Swarm", "knows it by " + swarm.address() + " and it is at "
						+ this.facts.network().address().value().orElse("another address")
						+ ": give it its old address again, or see docs/operations.md, \"An address has changed\"");
			}
			return (node.role() == this.pi.role()) ? Verdict.ok("Swarm", node.role().toString())
					: Verdict.up("Swarm", "is a " + node.role() + ", and a " + this.pi.role() + " in the list");
		});
	}

	/** A manager of the list's Swarm has answered, and this Pi is none of its nodes. */
	private Verdict stranger(DockerInfo.Swarm swarm) {
		return Verdict.on("Swarm", Home.swarmOf(this.facts), (own) -> {
			if (own.equals(this.home.swarmId().value().orElse(Optional.empty()))) {
				return Verdict.bad("Swarm", "was removed from the Swarm and does not know it: "
						+ "run 'docker swarm leave' on this Pi, then 'swarm up'");
			}
			if (!this.certain) {
				return Verdict.bad("Swarm",
						"is a " + swarm.role() + " of another Swarm than the first manager that answers: "
								+ "change nothing until 'swarm check' reaches the managers before it in the list");
			}
			return Verdict.bad("Swarm",
					"is a " + swarm.role() + " of another Swarm, which it does not leave by itself: "
							+ "if you do not need that Swarm, run 'docker swarm leave --force' on this Pi");
		});
	}

	/**
	 * No manager has listed the nodes. Certificates alone can show that Pis are in
	 * different Swarms.
	 */
	private Verdict undecided(DockerInfo.Swarm swarm, String reason) {
		Optional<String> home = this.home.swarmId().value().orElse(Optional.of(""));
		if (home.isEmpty()) {
			return Verdict.bad("Swarm", "is a " + swarm.role() + " of a Swarm that no manager in the list is in: "
					+ "put its manager first in the list; if it is lost, see docs/operations.md, \"Losing the manager\"");
		}
		Optional<String> own = Home.swarmOf(this.facts).value().flatMap((value) -> value);
		if (this.home.swarmId().value().isPresent() && own.isPresent() && !own.equals(home)) {
			return Verdict.bad("Swarm",
					"is a " + swarm.role() + " of another Swarm than the first manager in the list: "
							+ "change nothing until 'swarm check' reaches the managers");
		}
		return Verdict.unknown("Swarm",
				swarm.role() + "; whether it is still a node of the Swarm is unknown: " + reason);
	}

}

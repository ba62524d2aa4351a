package org.piswarm.swarm.judge;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.piswarm.swarm.docker.DockerInfo;
import org.piswarm.swarm.docker.Node;
import org.piswarm.swarm.facts.PiFacts;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.pis.Pi;

/**
 * Finds out which Pi of the list is which node. A Pi can report the ID of another node,
 * so that the ID must not contradict the names and addresses of the list.
 *
 * @param nodes the nodes, as a manager lists them
 * @param facts what each Pi says
 */
public record Identities(List<Node> nodes, Map<Pi, Fact<PiFacts>> facts) {

	/**
	 * The nodes that a Pi may be: by the ID that it reports, or by its name or address.
	 */
	public List<Node> nodes(Pi pi) {
		return withoutFormer(this.nodes.stream()
			.filter((node) -> reports(pi, node) || pi.isCalled(node.hostname(), node.address()))
			.toList());
	}

	/**
	 * Without the nodes that a Pi was before it left the Swarm and joined it again: they
	 * stay in Swarm's list, and are down.
	 */
	public static List<Node> withoutFormer(List<Node> nodes) {
		List<Node> present = nodes.stream().filter((node) -> !node.state().equals("down")).toList();
		return (present.size() == 1) ? present : nodes;
	}

	/** The Pis that may be this node. */
	public List<Pi> pis(Node node) {
		return this.facts.keySet().stream().filter((pi) -> nodes(pi).contains(node)).toList();
	}

	/** The Pi that is this node, if only one may be, and may be no other node. */
	public Optional<Pi> pi(Node node) {
		List<Pi> pis = pis(node);
		return (pis.size() == 1 && nodes(pis.get(0)).size() == 1) ? Optional.of(pis.get(0)) : Optional.empty();
	}

	/** Whether the Pi has answered that it is this node. */
	public boolean reports(Pi pi, Node node) {
		return this.facts.getOrDefault(pi, Fact.unknown("not in the list"))
			.flatMap((known) -> known.docker().info())
			.map(DockerInfo::swarm)
			.map(DockerInfo.Swarm::nodeId)
			.equals(Fact.known(node.id()));
	}

}

package org.piswarm.swarm.judge;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.piswarm.swarm.docker.Node;
import org.piswarm.swarm.facts.PiFacts;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.pis.Pi;

/** Finds nodes that are ready and not certainly in the list. */
public final class Strangers {

	private Strangers() {
	}

	/**
	 * A verdict for each of them. A node may be a Pi of the list that did not answer:
	 * then it must have its name.
	 */
	public static List<Verdict> among(List<Node> nodes, Map<Pi, Fact<PiFacts>> facts) {
		Identities identities = new Identities(nodes, facts);
		return nodes.stream()
			.filter(Node::isReady)
			.filter((node) -> identities.pi(node).isEmpty())
			.map((node) -> verdict(node, identities.pis(node)))
			.toList();
	}

	private static Verdict verdict(Node node, List<Pi> pis) {
		if (pis.isEmpty()) {
			return Verdict.bad("nodes", node.hostname() + " is a node of the Swarm and not in the list: "
					+ "'swarm deploy' brings it no images. Add it to the list, or remove it from the Swarm");
		}
		return Verdict.bad("nodes", node.hostname() + " may be "
				+ pis.stream().map(Pi::name).collect(Collectors.joining(" or "))
				+ ": the ID that a Pi reports contradicts the names and addresses of other nodes, or two Pis report the same ID. "
				+ "Compare 'docker info' on each Pi with 'docker node ls' on a manager");
	}

}

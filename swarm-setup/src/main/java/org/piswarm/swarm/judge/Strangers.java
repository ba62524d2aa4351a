package org.piswarm.swarm.judge;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.piswarm.swarm.docker.Node;
import org.piswarm.swarm.facts.PiFacts;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.pis.Pi;

/** Finds nodes that are ready and not in the list. */
public final class Strangers {

	private Strangers() {
	}

	/**
	 * A verdict for each of them. A node may be a Pi of the list that did not answer:
	 * then it must have its name.
	 */
	public static List<Verdict> among(List<Node> nodes, Map<Pi, Fact<PiFacts>> facts) {
		Set<String> listed = facts.values()
			.stream()
			.flatMap((fact) -> fact.flatMap((known) -> known.docker().info()).value().stream())
			.map((info) -> info.swarm().nodeId())
			.collect(Collectors.toSet());
		return nodes.stream()
			.filter(Node::isReady)
			.filter((node) -> !listed.contains(node.id()))
			.filter((node) -> facts.keySet().stream().noneMatch((pi) -> pi.isCalled(node.hostname(), node.address())))
			.map((node) -> Verdict.bad("nodes",
					node.hostname() + " is a node of the Swarm and not in the list: "
							+ "'swarm deploy' brings it no images. Add it to the list, or remove it from the Swarm"))
			.toList();
	}

}

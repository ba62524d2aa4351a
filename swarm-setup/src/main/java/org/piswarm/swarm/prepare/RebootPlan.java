package org.piswarm.swarm.prepare;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.piswarm.swarm.docker.Node;
import org.piswarm.swarm.docker.SwarmState;
import org.piswarm.swarm.docker.Task;
import org.piswarm.swarm.judge.Draining;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.pis.Role;

/**
 * How a node of a Swarm reboots.
 *
 * @param drain whether it is drained meanwhile
 * @param obstacle why it must not reboot now; empty if it may
 */
public record RebootPlan(boolean drain, Optional<String> obstacle) {

	/** Workers first, then managers, and the leader last. */
	public static List<Map.Entry<Pi, Node>> order(Map<Pi, Node> nodes) {
		return nodes.entrySet()
			.stream()
			.sorted(Comparator.comparing((Map.Entry<Pi, Node> entry) -> entry.getValue().role() == Role.MANAGER)
				.thenComparing((entry) -> entry.getValue().leader()))
			.toList();
	}

	/** Decides for one node, as the Swarm is now. */
	public static RebootPlan of(Node node, List<Node> nodes, List<Task> tasks) {
		long managers = nodes.stream().filter((other) -> other.role() == Role.MANAGER).count();
		if (managers > 1 && !Draining.canBeOff(node, nodes)) {
			return new RebootPlan(false,
					Optional.of("the managers have no majority while it reboots: switch on the other managers first"));
		}
		boolean busy = tasks.stream().anyMatch((task) -> task.nodeId().equals(node.id()) && !task.hasEnded());
		boolean others = nodes.stream().anyMatch((other) -> other.takesTasks() && !other.id().equals(node.id()));
		return new RebootPlan(busy && others && node.availability().equals("active"), Optional.empty());
	}

	/** The state of a node after its reboot, once a manager knows it. */
	public static List<String> open(Node node, SwarmState state) {
		return Draining.find(node.id(), state)
			.filter((now) -> now.isReady() && (now.role() == Role.WORKER || now.reachable()))
			.map((now) -> List.<String>of())
			.orElse(List.of("it is not ready"));
	}

}

package org.piswarm.swarm.judge;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import org.piswarm.swarm.docker.Node;
import org.piswarm.swarm.docker.Service;
import org.piswarm.swarm.docker.SwarmState;
import org.piswarm.swarm.docker.Task;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.pis.Role;

/** Judges how far a node is drained. */
public final class Draining {

	private Draining() {
	}

	/**
	 * What must still happen until the node is empty and its tasks run elsewhere; empty
	 * if nothing, unknown if it could not be asked.
	 * @param id the ID of the node
	 * @param state what a manager says
	 * @param ignored the services that lacked replicas before the drain
	 */
	public static Fact<List<String>> left(String id, SwarmState state, Set<String> ignored) {
		return state.counts().flatMap((counts) -> state.tasks().map((tasks) -> {
			List<String> left = new ArrayList<>();
			// A node that is down reports no end of its tasks.
			boolean reports = find(id, state).filter(Node::isReady).isPresent();
			long here = tasks.stream().filter((task) -> reports && isOn(id, task)).count();
			if (here > 0) {
				left.add(here + ((here == 1) ? " task" : " tasks") + " on it");
			}
			counts.stream()
				.filter((count) -> !ignored.contains(count.service().name()))
				.forEach((count) -> count.open().ifPresent(left::add));
			return left;
		}));
	}

	/**
	 * The services of which a task is on the node and can run on no other one, such as
	 * one with a placement constraint; unknown if it could not be asked.
	 */
	public static Fact<Set<String>> immovable(Node node, SwarmState state) {
		return state.nodes().flatMap((nodes) -> state.tasks().flatMap((tasks) -> state.services().map((services) -> {
			List<Node> others = nodes.stream().filter((other) -> !other.id().equals(node.id())).toList();
			return services.stream()
				.filter((service) -> service.mode() == Service.Mode.REPLICATED)
				.filter((service) -> tasks.stream()
					.anyMatch((task) -> isOn(node.id(), task) && task.serviceId().equals(service.id())))
				.filter((service) -> new Scheduler(service, others, tasks).targets().isEmpty())
				.map(Service::name)
				.collect(Collectors.toSet());
		})));
	}

	public static Optional<Node> find(String id, SwarmState state) {
		return state.nodes()
			.value()
			.flatMap((nodes) -> nodes.stream().filter((node) -> node.id().equals(id)).findFirst());
	}

	private static boolean isOn(String id, Task task) {
		return task.nodeId().equals(id) && !task.hasEnded();
	}

	/** Whether the managers keep more than half of their number without this node. */
	public static boolean canBeOff(Node node, List<Node> nodes) {
		long managers = nodes.stream().filter((other) -> other.role() == Role.MANAGER).count();
		long others = nodes.stream()
			.filter((other) -> other.role() == Role.MANAGER && other.isReady() && other.reachable())
			.filter((other) -> !other.id().equals(node.id()))
			.count();
		return node.role() == Role.WORKER || others > managers / 2;
	}

}

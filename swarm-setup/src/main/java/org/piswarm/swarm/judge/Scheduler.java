package org.piswarm.swarm.judge;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.piswarm.swarm.docker.Node;
import org.piswarm.swarm.docker.Placement;
import org.piswarm.swarm.docker.Resources;
import org.piswarm.swarm.docker.Service;
import org.piswarm.swarm.docker.Task;

/**
 * Predicts what Swarm's scheduler does with one service: on which node a new replica
 * starts, and on which node one stops if there are too many.
 */
final class Scheduler {

	private final Placement placement;

	private final List<Node> nodes;

	private final Map<String, Resources> free = new HashMap<>();

	private final Map<String, Integer> replicas = new HashMap<>();

	Scheduler(Service service, List<Node> nodes, List<Task> tasks) {
		this.placement = service.placement();
		this.nodes = nodes;
		nodes.forEach((node) -> this.free.put(node.id(), node.hardware().resources()));
		// A task that is being stopped needs its resources until it has ended.
		tasks.stream().filter((task) -> !task.hasEnded()).forEach((task) -> use(task.nodeId(), task.reserved(), 1));
		tasks.stream()
			.filter((task) -> task.serviceId().equals(service.id()) && task.isRunning())
			.forEach((task) -> this.replicas.merge(task.nodeId(), 1, Integer::sum));
	}

	private void use(String nodeId, Resources reserved, int times) {
		this.free.computeIfPresent(nodeId, (id, resources) -> resources.minus(reserved, times));
	}

	int replicas(Node node) {
		return this.replicas.getOrDefault(node.id(), 0);
	}

	private int replicas(List<Node> list) {
		return list.stream().mapToInt(this::replicas).sum();
	}

	/** Swarm stops a replica on the node that runs most. */
	Optional<Node> fullest() {
		return this.nodes.stream()
			.filter((node) -> replicas(node) > 0)
			.reduce((one, other) -> (replicas(other) > replicas(one)) ? other : one);
	}

	/** The nodes on which Swarm may start one more replica; it chooses one of them. */
	List<Node> targets() {
		return targets(this.nodes, this.placement.spreads());
	}

	/** Of a branch: the nodes that have the same values of the labels before. */
	private List<Node> targets(List<Node> branch, List<String> spreads) {
		List<Node> fitting = branch.stream().filter(this::hasRoom).toList();
		if (spreads.isEmpty() || fitting.isEmpty()) {
			int fewest = fitting.stream().mapToInt(this::replicas).min().orElse(0);
			return fitting.stream().filter((node) -> replicas(node) == fewest).toList();
		}
		Map<String, List<Node>> branches = branch.stream()
			.collect(Collectors.groupingBy((node) -> node.label(spreads.get(0)), TreeMap::new, Collectors.toList()));
		while (true) {
			int wanted = replicas(branches.values().stream().flatMap(List::stream).toList()) + 1;
			int share = wanted / branches.size();
			boolean rest = wanted % branches.size() > 0;
			// Swarm takes any branch below its share, not always the lowest one.
			List<List<Node>> open = branches.values()
				.stream()
				.filter((nodes) -> replicas(nodes) < share || rest && replicas(nodes) == share)
				.toList();
			List<Node> targets = open.stream()
				.flatMap((nodes) -> targets(nodes, spreads.subList(1, spreads.size())).stream())
				.toList();
			if (!targets.isEmpty()) {
				return targets;
			}
			branches.values().removeAll(open);
		}
	}

	private boolean hasRoom(Node node) {
		Placement wanted = this.placement;
		return node.takesTasks()
				&& wanted.constraints()
					.stream()
					.flatMap((text) -> Constraint.parse(text).stream())
					.allMatch((constraint) -> constraint.allows(node))
				&& (wanted.maxPerNode() == 0 || replicas(node) < wanted.maxPerNode())
				&& (wanted.platforms().isEmpty() || wanted.platforms()
					.stream()
					.anyMatch((platform) -> platform.runsOn(node.hardware().platform())))
				&& this.free.getOrDefault(node.id(), new Resources(0, 0)).cover(wanted.reserved());
	}

	void move(Node from, Node target) {
		this.replicas.merge(from.id(), -1, Integer::sum);
		this.replicas.merge(target.id(), 1, Integer::sum);
		use(from.id(), this.placement.reserved(), -1);
		use(target.id(), this.placement.reserved(), 1);
	}

}

package org.piswarm.swarm.judge;

import java.util.List;
import java.util.Optional;

import org.piswarm.swarm.docker.Node;
import org.piswarm.swarm.docker.Placement;
import org.piswarm.swarm.docker.Service;
import org.piswarm.swarm.docker.Service.Mode;
import org.piswarm.swarm.docker.ServiceCount;
import org.piswarm.swarm.docker.SwarmState;
import org.piswarm.swarm.docker.Task;
import org.piswarm.swarm.known.Fact;

/**
 * How a service can be spread better. A move is one more replica, which Swarm places, and
 * then one fewer where most run. It helps if each node that Swarm may choose runs at
 * least two replicas fewer than that one.
 *
 * @param count where its replicas run
 * @param moves how many moves help
 * @param from the host name of the node that runs most replicas, if a move helps
 * @param unevenness grows with the differences between the nodes
 * @param obstacle why the service stays as it is, although a move may help
 */
public record Spreading(ServiceCount count, int moves, Optional<String> from, long unevenness,
		Optional<String> obstacle) {

	/** The plan for each service that has a number of replicas, if all is known. */
	public static Fact<List<Spreading>> of(SwarmState state) {
		return state.counts()
			.flatMap((counts) -> state.nodes()
				.flatMap((nodes) -> state.tasks()
					.map((tasks) -> counts.stream()
						.filter((count) -> count.service().mode() == Mode.REPLICATED)
						.map((count) -> of(count, nodes, tasks))
						.toList())));
	}

	private static Spreading of(ServiceCount count, List<Node> nodes, List<Task> tasks) {
		Scheduler scheduler = new Scheduler(count.service(), nodes, tasks);
		long unevenness = nodes.stream().mapToLong(scheduler::replicas).map((number) -> number * number).sum();
		if (count.service().replicas() < 2) {
			return new Spreading(count, 0, Optional.empty(), unevenness, Optional.empty());
		}
		Optional<String> from = Optional.empty();
		int moves = 0;
		while (true) {
			Optional<Node> fullest = scheduler.fullest();
			List<Node> targets = scheduler.targets();
			if (fullest.isEmpty() || targets.isEmpty() || targets.stream()
				.anyMatch((target) -> scheduler.replicas(target) + 2 > scheduler.replicas(fullest.get()))) {
				break;
			}
			from = from.or(() -> fullest.map(Node::hostname));
			scheduler.move(fullest.get(), targets.get(0));
			moves++;
		}
		Optional<String> obstacle = unsettled(count).or(() -> unknown(count.service()));
		boolean stays = obstacle.isPresent() && (moves > 0 || count.shortage().isPresent());
		return new Spreading(count, stays ? 0 : moves, stays ? Optional.empty() : from, unevenness,
				stays ? obstacle : Optional.empty());
	}

	private static Optional<String> unsettled(ServiceCount count) {
		return count.open()
			// A change of the number of replicas would resume it.
			.or(() -> count.badUpdate().filter((text) -> count.service().update().contains("paused")));
	}

	private static Optional<String> unknown(Service service) {
		Placement placement = service.placement();
		return placement.constraints()
			.stream()
			.filter((text) -> Constraint.parse(text).isEmpty())
			.map((text) -> "it is unknown which nodes the constraint '" + text + "' allows")
			.findFirst()
			.or(() -> Optional.of("it is unknown which nodes have the generic resources that it reserves")
				.filter((text) -> placement.generic()))
			.map((text) -> service.name() + ": " + text);
	}

	public Service service() {
		return this.count.service();
	}

	/** The nodes that take tasks and run none, by their host names. */
	public static List<String> idle(List<Node> nodes, List<Task> tasks) {
		return nodes.stream()
			.filter(Node::takesTasks)
			.filter((node) -> tasks.stream().noneMatch((task) -> task.isRunning() && task.nodeId().equals(node.id())))
			.map(Node::hostname)
			.toList();
	}

}

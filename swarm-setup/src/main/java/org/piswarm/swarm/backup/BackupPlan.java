package org.piswarm.swarm.backup;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import org.piswarm.swarm.docker.DockerInfo;
import org.piswarm.swarm.docker.Node;
import org.piswarm.swarm.docker.SwarmState;
import org.piswarm.swarm.judge.Identities;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.pis.Role;

/**
 * The manager whose engine can stop for some seconds: not the leader, if there are three.
 *
 * @param pi the manager
 * @param node the same in the Swarm
 */
public record BackupPlan(Pi pi, Node node) {

	/**
	 * Chooses a manager.
	 * @param managers the managers that answer
	 * @param identities which Pi is which node
	 * @param state the state of the Swarm
	 * @throws Failure if no engine can safely stop, or if that is unknown
	 */
	public static BackupPlan of(List<Pi> managers, Identities identities, SwarmState state) {
		List<Node> nodes = state.nodes().fold((known) -> known, (reason) -> {
			throw new Failure("the nodes of the Swarm are unknown, so no engine was stopped: " + reason);
		});
		BackupPlan plan = nodes.stream()
			.filter((node) -> node.role() == Role.MANAGER && node.isReady())
			.sorted(Comparator.comparing(Node::leader))
			.flatMap((node) -> identities.pi(node)
				.filter(managers::contains)
				.filter((pi) -> identities.reports(pi, node))
				.map((pi) -> new BackupPlan(pi, node))
				.stream())
			.findFirst()
			.orElseThrow(() -> new Failure("no manager in the list is certainly a node of the Swarm that is ready, "
					+ "so no engine was stopped: run 'swarm check'"));
		plan.obstacle(nodes, identities, state).ifPresent((text) -> {
			throw new Failure(text);
		});
		return plan;
	}

	private Optional<String> obstacle(List<Node> nodes, Identities identities, SwarmState state) {
		List<Node> managers = nodes.stream().filter((other) -> other.role() == Role.MANAGER).toList();
		long others = managers.stream()
			.filter((other) -> !other.id().equals(this.node.id()) && works(other, identities))
			.count();
		if (managers.size() > 1 && others <= managers.size() / 2) {
			return Optional.of("the managers have no majority while the engine of " + this.node.hostname()
					+ " is stopped, so it was not stopped: switch on the other managers first ('swarm status' shows them)");
		}
		return identities.facts()
			.getOrDefault(this.pi, Fact.unknown("not in the list"))
			.flatMap((facts) -> facts.docker().info())
			.map(DockerInfo::swarm)
			.map(DockerInfo.Swarm::autolock)
			.fold((locks) -> Optional.of(this.pi.name()
					+ " needs its key each time its engine starts, so it was not stopped: run 'docker swarm update --autolock=false' on it, "
					+ "then the backup, then 'docker swarm update --autolock=true'")
				.filter((text) -> locks), (reason) -> Optional.of(this.pi.name() + ": " + reason))
			.or(() -> updates(state));
	}

	/**
	 * A node is ready until Swarm misses it. The Pi of the list that it may be knows
	 * earlier that its engine is stopped.
	 */
	private static boolean works(Node manager, Identities identities) {
		List<Pi> pis = identities.pis(manager);
		return manager.isReady() && (pis.isEmpty() || pis.stream().anyMatch((pi) -> identities.reports(pi, manager)));
	}

	/** Containers that end now would look like those of a bad release. */
	private static Optional<String> updates(SwarmState state) {
		return state.services()
			.fold((services) -> services.stream()
				.filter((service) -> List.of("updating", "rollback_started").contains(service.update()))
				.findFirst()
				.map((service) -> service.name()
						+ ": an update is in progress, so no engine was stopped: wait until it ends ('swarm status')"),
					(reason) -> Optional
						.of("the services of the Swarm are unknown, so no engine was stopped: " + reason));
	}

}

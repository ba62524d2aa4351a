package org.piswarm.swarm.backup;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.piswarm.swarm.docker.Node;
import org.piswarm.swarm.docker.Service;
import org.piswarm.swarm.docker.SwarmState;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.pis.Role;

/**
 * What a backup contains, so that a restore can be compared with it.
 *
 * @param time when it was made
 * @param swarmId the ID of the Swarm
 * @param engine the version of the manager's engine
 * @param nodes the nodes
 * @param services the services
 * @param stacks the names of the stacks
 */
public record Manifest(Instant time, String swarmId, String engine, List<Member> nodes, List<Deployed> services,
		List<String> stacks) {

	/**
	 * A node.
	 *
	 * @param id its ID
	 * @param hostname its host name
	 * @param role its role
	 * @param address its address
	 * @param ready whether it was ready
	 */
	public record Member(String id, String hostname, Role role, String address, boolean ready) {
	}

	/**
	 * A service.
	 *
	 * @param name its name
	 * @param image its image
	 * @param mode how many tasks it has
	 * @param replicas its number of replicas
	 */
	public record Deployed(String name, String image, Service.Mode mode, int replicas) {

		static Deployed of(Service service) {
			return new Deployed(service.name(), service.image(), service.mode(), service.replicas());
		}

		@Override
		public String toString() {
			return this.name + " (" + this.mode.toString().toLowerCase().replace('_', ' ') + ", " + this.replicas + ", "
					+ this.image + ")";
		}

	}

	/**
	 * Describes a Swarm, if all of it is known.
	 * @param addresses the addresses of managers, by the IDs of their nodes: Docker may
	 * list a manager with another one
	 */
	public static Fact<Manifest> of(Instant time, String swarmId, Node manager, SwarmState state,
			Map<String, String> addresses) {
		return state.nodes()
			.flatMap((nodes) -> state.services()
				.map((services) -> new Manifest(time, swarmId, manager.engine(),
						nodes.stream()
							.map((node) -> new Member(node.id(), node.hostname(), node.role(),
									addresses.getOrDefault(node.id(), node.address()), node.isReady()))
							.toList(),
						services.stream().map(Deployed::of).toList(),
						services.stream()
							.map((service) -> service.release().stack())
							.filter((stack) -> !stack.isEmpty())
							.distinct()
							.sorted()
							.toList())));
	}

	/** The addresses at which the nodes look for a manager. */
	public List<String> managerAddresses() {
		return this.nodes.stream().filter((node) -> node.role() == Role.MANAGER).map(Member::address).toList();
	}

	/** What of it a Swarm lacks, or has differently; empty if nothing. */
	public Fact<List<String>> differences(SwarmState state) {
		return state.services().map((services) -> {
			Map<String, Deployed> present = services.stream()
				.map(Deployed::of)
				.collect(Collectors.toMap(Deployed::name, Function.identity()));
			return this.services.stream()
				.filter((service) -> !service.equals(present.get(service.name())))
				.map((service) -> present.containsKey(service.name())
						? service + " is " + present.get(service.name()) + " now" : service + " is missing")
				.toList();
		});
	}

	/** The nodes that were ready and are not; empty if none. */
	public Fact<List<String>> missingNodes(SwarmState state) {
		return state.nodes().map((nodes) -> {
			Map<String, String> states = nodes.stream().collect(Collectors.toMap(Node::id, Node::state));
			return this.nodes.stream()
				.filter(Member::ready)
				.filter((node) -> !"ready".equals(states.get(node.id())))
				.map((node) -> node.hostname() + " is " + states.getOrDefault(node.id(), "no node of the Swarm"))
				.toList();
		});
	}

}

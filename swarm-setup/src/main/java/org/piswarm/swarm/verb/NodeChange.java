package org.piswarm.swarm.verb;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

import org.piswarm.swarm.docker.DockerInfo;
import org.piswarm.swarm.docker.Node;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.ssh.Script;
import org.piswarm.swarm.ssh.Ssh;

/**
 * Finds a node of the Swarm and changes its availability.
 *
 * @param scene the Swarm
 * @param ssh the connections
 */
record NodeChange(Scene scene, Ssh ssh) {

	private static final Duration DEADLINE = Duration.ofSeconds(60);

	/**
	 * The node with a name that the Swarm knows, or that the list has: pi3, pi3.local or
	 * pi@pi3.local.
	 */
	Node find(String name) {
		List<Node> nodes = this.scene.nodes();
		List<Node> found = nodes.stream().filter((node) -> node.hostname().equals(name)).toList();
		if (found.isEmpty()) {
			found = this.scene.facts()
				.keySet()
				.stream()
				.filter((pi) -> name.equals(pi.name()) || name.equals(pi.host()) || name.equals(pi.destination()))
				.flatMap((pi) -> nodes.stream().filter((node) -> is(pi, node)))
				.toList();
		}
		if (found.size() == 1) {
			return found.get(0);
		}
		String names = nodes.stream().map(Node::hostname).collect(Collectors.joining(", "));
		throw new Failure(found.isEmpty() ? "there is no node '" + name + "': the nodes are " + names
				: "several nodes have the name '" + name + "': give each its own name, then run 'swarm check'");
	}

	/** By its ID, or by its name if the Pi did not say that. */
	private boolean is(Pi pi, Node node) {
		Fact<String> id = this.scene.facts()
			.getOrDefault(pi, Fact.unknown("not in the list"))
			.flatMap((known) -> known.docker().info())
			.map(DockerInfo::swarm)
			.map(DockerInfo.Swarm::nodeId);
		return id.fold(node.id()::equals, (reason) -> pi.isCalled(node.hostname(), node.address()));
	}

	/** The ID comes from the manager to which it is sent, and is checked. */
	void set(Node node, String availability) {
		Pi manager = this.scene.manager().orElseThrow();
		String script = "set -- " + node.id() + " " + availability + "\n" + Script.AVAILABILITY.text();
		if (this.ssh.run(manager, script, DEADLINE) instanceof Fact.Unknown<String> unknown) {
			throw new Failure("could not change " + node.hostname() + ": " + unknown.reason());
		}
	}

}

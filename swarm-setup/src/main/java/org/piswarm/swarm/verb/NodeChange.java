package org.piswarm.swarm.verb;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.piswarm.swarm.docker.Node;
import org.piswarm.swarm.judge.Identities;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.ssh.Reply;
import org.piswarm.swarm.ssh.Script;
import org.piswarm.swarm.ssh.Ssh;
import org.piswarm.swarm.terminal.Progress;

/**
 * Finds a node of the Swarm and changes it.
 *
 * @param scene the Swarm
 * @param ssh the connections
 * @param progress says what is waited for
 */
record NodeChange(Scene scene, Ssh ssh, Progress progress) {

	private static final Duration DEADLINE = Duration.ofSeconds(60);

	/** The exit code of the script if Docker did not say whether it made the change. */
	private static final int UNANSWERED = 124;

	/**
	 * The node with a name that the Swarm knows, or that the list has: pi3, pi3.local or
	 * pi@pi3.local.
	 */
	Node find(String name) {
		List<Node> nodes = this.scene.nodes();
		Identities identities = this.scene.identities();
		Stream<Node> byName = nodes.stream().filter((node) -> node.hostname().equals(name));
		Stream<Node> byPi = this.scene.facts()
			.keySet()
			.stream()
			.filter((pi) -> name.equals(pi.name()) || name.equals(pi.host()) || name.equals(pi.destination()))
			.flatMap((pi) -> identities.nodes(pi).stream());
		List<Node> found = Identities.withoutFormer(Stream.concat(byName, byPi).distinct().toList());
		if (found.isEmpty()) {
			throw new Failure("there is no node '" + name + "': the nodes are "
					+ nodes.stream().map(Node::hostname).collect(Collectors.joining(", ")));
		}
		if (found.size() > 1) {
			throw new Failure("'" + name + "' could be "
					+ found.stream()
						.map((node) -> node.hostname() + " (" + node.id() + ", " + node.state() + ")")
						.collect(Collectors.joining(" or "))
					+ ", so nothing was changed. On a manager, remove a node that no longer exists with 'docker node rm ID'; "
					+ "give each Pi its own host name, then run 'swarm check'");
		}
		return claimedOnce(found.get(0), identities);
	}

	/** Two Pis with one ID are copies, or one of them reports the ID of the other. */
	private Node claimedOnce(Node node, Identities identities) {
		List<Pi> pis = identities.pis(node);
		if (pis.size() > 1) {
			throw new Failure(pis.stream().map(Pi::name).collect(Collectors.joining(" and ")) + " could both be "
					+ node.hostname() + ", so nothing was changed: run 'swarm check'");
		}
		return node;
	}

	void set(Node node, String availability, Lock lock) {
		update(node, "--availability", availability, "is " + (availability.equals("drain") ? "drained" : availability),
				lock);
	}

	/**
	 * The ID comes from the manager to which it is sent, and is checked.
	 * @param outcome what is so afterwards, in words that follow the name of the node
	 */
	void update(Node node, String option, String value, String outcome, Lock lock) {
		lock.requireHeld(node.hostname() + " was not changed");
		Pi manager = this.scene.manager().orElseThrow();
		this.progress.begin(manager.name());
		Fact<Reply> answer = this.ssh.call(manager, Script.NODE_UPDATE.with(node.id(), option, value), DEADLINE);
		this.progress.end(manager.name());
		answer.flatMap(
				(reply) -> (reply.exit() == UNANSWERED) ? Fact.<Reply>unknown(reply.complaint()) : Fact.known(reply))
			.fold((reply) -> {
				if (reply.exit() != 0) {
					throw new Failure("could not change " + node.hostname() + ": " + reply.complaint());
				}
				return reply;
			}, (reason) -> {
				throw new Failure(
						"whether " + node.hostname() + " " + outcome + " is unknown: " + reason + ". Run it again");
			});
	}

}

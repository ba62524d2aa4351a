package org.piswarm.swarm.verb;

import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

import org.piswarm.swarm.docker.Node;
import org.piswarm.swarm.docker.SwarmState;
import org.piswarm.swarm.facts.Survey;
import org.piswarm.swarm.judge.Draining;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.ssh.Ssh;
import org.piswarm.swarm.terminal.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Moves all tasks off a node and waits until they run elsewhere. */
@Command(name = "drain", header = "moves all tasks off a node",
		description = "Moves all tasks off a node and waits until they run elsewhere, at most 4 minutes.",
		footer = "Exit code: 0 if the node is empty and all replicas run, 1 if not or unknown, 2 if the arguments are wrong.")
final class Drain implements Callable<Integer> {

	@ParentCommand
	private Swarm swarm = new Swarm();

	@Parameters(paramLabel = "NODE", description = "a name that 'swarm status' shows, or the name in the list of Pis")
	private String name = "";

	@Override
	public Integer call() {
		try (Ssh ssh = this.swarm.ssh(); Progress progress = new Progress(System.out)) {
			Scout scout = new Scout(ssh, new Survey(ssh, progress), progress);
			Scene scene = scout.scene(this.swarm);
			NodeChange change = new NodeChange(scene, ssh, progress);
			Node node = change.find(this.name);
			if (this.swarm.isDryRun()) {
				progress.say("would drain " + node.hostname() + " and wait until its tasks run elsewhere");
				return 0;
			}
			try (Lock lock = Lock.take(ssh, scene.managers())) {
				// Another command may have changed the Swarm before the lock was taken.
				SwarmState before = scout.state(scene.managers()).state();
				Set<String> lacking = Set.of();
				if (Draining.find(node.id(), before).orElse(node).availability().equals("drain")) {
					// After an interrupted drain, its tasks may still be on their way.
					progress.say(node.hostname() + " is already drained");
				}
				else {
					lacking = Convergence.incomplete(before);
					change.set(node, "drain", lock);
					progress.say(node.hostname() + " takes no more tasks; waiting until its tasks run elsewhere");
				}
				Set<String> ignored = lacking;
				SwarmState state = new Convergence(scout, scene.managers())
					.await(node.hostname(), (now) -> Draining.left(node.id(), now, ignored))
					.fold((now) -> now, (left) -> {
						throw new Failure("it must stay on. After " + Convergence.LIMIT_MINUTES + " minutes, " + left);
					});
				Node drained = Draining.find(node.id(), state).orElse(node);
				progress.say(outcome(drained, state.nodes().value().orElse(List.of())));
				return drained.isReady() ? 0 : 1;
			}
		}
	}

	private static String outcome(Node node, List<Node> nodes) {
		if (!node.isReady()) {
			return node.hostname() + " is " + node.state() + ": whether its containers have stopped is unknown";
		}
		return node.hostname() + (Draining.canBeOff(node, nodes) ? " is empty: it can be switched off"
				: " is empty, but the managers have no majority without it: while it is off, the Swarm accepts no changes "
						+ "and replaces no task");
	}

}

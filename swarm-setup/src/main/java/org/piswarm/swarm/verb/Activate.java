package org.piswarm.swarm.verb;

import java.util.concurrent.Callable;

import org.piswarm.swarm.docker.Node;
import org.piswarm.swarm.facts.Survey;
import org.piswarm.swarm.ssh.Ssh;
import org.piswarm.swarm.terminal.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Lets a drained node take tasks again. */
@Command(name = "activate", header = "lets a node take tasks again",
		description = "Lets a drained node take tasks again. Tasks that run stay where they are: see 'swarm rebalance'.",
		footer = "Exit code: 0 if the node takes tasks, 1 if not, 2 if the arguments are wrong.")
final class Activate implements Callable<Integer> {

	@ParentCommand
	private Swarm swarm = new Swarm();

	@Parameters(paramLabel = "NODE", description = "a name that 'swarm status' shows, or the name in the list of Pis")
	private String name = "";

	@Override
	public Integer call() {
		try (Ssh ssh = this.swarm.ssh(); Progress progress = new Progress(System.out)) {
			Scene scene = new Scout(ssh, new Survey(ssh, progress), progress).scene(this.swarm);
			NodeChange change = new NodeChange(scene, ssh, progress);
			Node node = change.find(this.name);
			if (node.availability().equals("active")) {
				progress.say(node.hostname() + " is already active");
				return 0;
			}
			if (this.swarm.isDryRun()) {
				progress.say("would let " + node.hostname() + " take tasks again");
				return 0;
			}
			try (Lock lock = Lock.take(ssh, scene.managers())) {
				change.set(node, "active", lock);
			}
			progress.say(
					node.hostname() + " takes tasks again. Tasks that run stay where they are until 'swarm rebalance'");
			return 0;
		}
	}

}

package org.piswarm.swarm.verb;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.concurrent.Callable;

import org.piswarm.swarm.facts.Survey;
import org.piswarm.swarm.ssh.Ssh;
import org.piswarm.swarm.terminal.Progress;
import org.piswarm.swarm.terminal.Text;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Shows nodes, services and what is wrong with them, and changes nothing. */
@Command(name = "status", header = "shows nodes, services and warnings",
		description = "Shows nodes, services with the nodes that run them, and warnings. A question that got no answer is shown as \"unknown\".",
		footer = "Exit code: 0 if there is no warning and all is known, 1 if not, 2 if the arguments are wrong.")
final class Status implements Callable<Integer> {

	@ParentCommand
	private Swarm swarm = new Swarm();

	@Spec
	private CommandSpec spec = CommandSpec.create();

	@Override
	public Integer call() {
		PrintWriter out = this.spec.commandLine().getOut();
		try (Ssh ssh = this.swarm.ssh(); Progress progress = new Progress(System.err)) {
			Scene scene = new Scout(ssh, new Survey(ssh, progress), progress).scene(this.swarm);
			scene.requireManager();
			StatusReport report = new StatusReport(scene, Instant.now());
			report.lines().forEach((line) -> out.println(Text.safe(line)));
			out.println();
			report.problems().forEach((line) -> out.println(Text.safe(line)));
			if (report.problems().isEmpty()) {
				out.println("No warnings.");
			}
			out.flush();
			return report.problems().isEmpty() ? 0 : 1;
		}
	}

}

package org.piswarm.swarm.verb;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.piswarm.swarm.docker.Node;
import org.piswarm.swarm.facts.PortProbe;
import org.piswarm.swarm.facts.Survey;
import org.piswarm.swarm.judge.Home;
import org.piswarm.swarm.judge.Judgement;
import org.piswarm.swarm.judge.Strangers;
import org.piswarm.swarm.judge.Verdict;
import org.piswarm.swarm.judge.Verdict.Level;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.ssh.Ssh;
import org.piswarm.swarm.terminal.Progress;
import org.piswarm.swarm.terminal.Text;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Examines all Pis, says what to do about each problem, and changes nothing. */
@Command(name = "check", header = "examines every Pi, says what is missing and what to do; changes nothing",
		description = "Prints one line for each thing that a Pi in a Swarm needs. 'swarm up' fixes what is marked \"up\"; "
				+ "\"BAD\" needs manual action, and the line says which; \"unknown\" could not be found out. Changes nothing.",
		footer = "Exit code: 0 if all is well, 1 if not, 2 if the arguments are wrong.")
final class Check implements Callable<Integer> {

	@ParentCommand
	private Swarm swarm = new Swarm();

	@Spec
	private CommandSpec spec = CommandSpec.create();

	private final Map<Level, Integer> counts = new EnumMap<>(Level.class);

	@Override
	public Integer call() {
		try (Ssh ssh = this.swarm.ssh(); Progress progress = new Progress(System.err)) {
			Survey survey = new Survey(ssh, progress);
			Scene scene = new Scout(ssh, survey, progress).scene(this.swarm);
			Judgement judgement = new Judgement(scene.facts(), new Home(scene.home(), scene.state().nodes()),
					new PortProbe(ssh, survey, scene.facts()).test(), Instant.now());
			judgement.verdicts().forEach((pi, verdicts) -> print(pi.name() + " (" + pi.role() + ")", verdicts));
			List<Verdict> nodes = nodes(scene);
			if (!nodes.isEmpty()) {
				print("the Swarm", nodes);
			}
			return summary();
		}
	}

	private static List<Verdict> nodes(Scene scene) {
		return scene.state().nodes().fold((nodes) -> nodes(nodes, scene), (reason) -> {
			boolean none = scene.home().equals(Fact.known(Optional.empty()));
			return none ? List.of() : List.of(new Verdict(Level.UNKNOWN, "nodes", reason));
		});
	}

	private static List<Verdict> nodes(List<Node> nodes, Scene scene) {
		List<Verdict> strangers = Strangers.among(nodes, scene.facts());
		return strangers.isEmpty() ? List.of(new Verdict(Level.OK, "nodes", "all that are ready are in the list"))
				: strangers;
	}

	private void print(String title, List<Verdict> verdicts) {
		PrintWriter out = this.spec.commandLine().getOut();
		out.println();
		out.println(title);
		verdicts.forEach((verdict) -> {
			this.counts.merge(verdict.level(), 1, Integer::sum);
			out.println(
					Text.safe("  %-7s  %-14s %s".formatted(verdict.level().mark(), verdict.check(), verdict.text())));
		});
		out.flush();
	}

	private int summary() {
		List<String> lines = new ArrayList<>();
		count(Level.BAD, "needs manual action: the line says which", lines);
		count(Level.UP, "'swarm up' does it", lines);
		count(Level.UNKNOWN, "the question got no answer; solve the other problems first, then run 'swarm check' again",
				lines);
		PrintWriter out = this.spec.commandLine().getOut();
		out.println();
		out.println(lines.isEmpty() ? "All is well." : String.join(System.lineSeparator(), lines));
		out.flush();
		return lines.isEmpty() ? 0 : 1;
	}

	private void count(Level level, String text, List<String> lines) {
		int count = this.counts.getOrDefault(level, 0);
		if (count > 0) {
			lines.add(count + " marked " + level.mark() + ": " + text + ".");
		}
	}

}

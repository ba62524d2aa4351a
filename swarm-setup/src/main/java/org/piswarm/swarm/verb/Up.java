package org.piswarm.swarm.verb;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import org.piswarm.swarm.facts.PortProbe;
import org.piswarm.swarm.facts.Survey;
import org.piswarm.swarm.judge.Home;
import org.piswarm.swarm.judge.Judgement;
import org.piswarm.swarm.judge.Verdict;
import org.piswarm.swarm.judge.Verdict.Level;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.pis.Role;
import org.piswarm.swarm.prepare.SwarmPlan;
import org.piswarm.swarm.ssh.Ssh;
import org.piswarm.swarm.terminal.Progress;
import org.piswarm.swarm.terminal.Text;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Makes one Swarm of all Pis. */
@Command(name = "up", header = "installs Docker, sets memory limits and log limits, makes one Swarm",
		description = "Installs Docker from the distribution, turns memory limits on (and reboots for that), limits the size of "
				+ "logs, makes a Swarm on the first Pi and joins the others, sets labels, and replaces the join tokens after "
				+ "use. Pis that are already in the Swarm reboot one at a time, after a question or with --yes. A second run "
				+ "does what is missing.",
		footer = "Exit code: 0 if all Pis are in one Swarm and nothing is left to do, 1 if not or unknown, "
				+ "2 if the arguments are wrong.")
final class Up implements Callable<Integer> {

	@ParentCommand
	private Swarm swarm = new Swarm();

	@Override
	public Integer call() {
		List<Pi> pis = this.swarm.pis();
		try (Ssh ssh = this.swarm.ssh(); Progress progress = new Progress(System.out)) {
			progress.say("looking at " + count(pis));
			Survey survey = new Survey(ssh, progress);
			Scout scout = new Scout(ssh, survey, progress);
			Scene scene = scout.scene(this.swarm);
			requireFit(scene, new PortProbe(ssh, survey, scene.facts()));
			Preparations preparations = Preparations.of(scene, new Preparer(ssh, progress));
			preparations.requireUnlocked();
			SwarmPlan plan = Formation.plan(scene, "Nothing was changed");
			boolean changes = !preparations.isDone() || !plan.isDone();
			if (this.swarm.isDryRun()) {
				preparations.show();
				plan.lines().forEach(progress::say);
				progress.say(changes ? "nothing was done: this was a dry run" : nothing(pis));
				return 0;
			}
			if (!changes) {
				Formation.awaitReady(scout, scene);
				noteDrained(scene, progress);
				progress.say(nothing(pis));
				return 0;
			}
			confirm(preparations.busyReboots(), "For memory limits, these Pis must reboot, and their containers stop",
					"nothing was changed; for memory limits, these Pis must reboot, and their containers would stop");
			try (Lock lock = Lock.take(ssh, lockers(scene))) {
				// Another command may have changed the Pis before the lock was taken.
				Scene now = scout.again(scene);
				Preparations missing = Preparations.of(now, new Preparer(ssh, progress));
				missing.apply(new Reboot(ssh, survey, progress), lock);
				Scene formed = new Formation(ssh, scout, lock).apply(missing.isDone() ? now : scout.again(now));
				Formation.awaitReady(scout, formed);
				List<Pi> members = missing.memberReboots();
				confirm(members, "For memory limits, these nodes must reboot, one at a time",
						"all else is done; for memory limits, these nodes must still reboot");
				new MemberReboots(ssh, scout, formed, lock).apply(members);
				noteDrained(formed, progress);
			}
			progress.say("done: " + count(pis) + " in one Swarm");
			return 0;
		}
	}

	private static String nothing(List<Pi> pis) {
		return "nothing to do: " + count(pis) + " in one Swarm, all as they should be";
	}

	private static String count(List<Pi> pis) {
		return pis.size() + ((pis.size() == 1) ? " Pi" : " Pis");
	}

	private static void requireFit(Scene scene, PortProbe probe) {
		List<String> lines = new ArrayList<>();
		new Judgement(scene.facts(), new Home(scene.home(), scene.state().nodes()), probe.test(), Instant.now())
			.verdicts()
			.forEach((pi, verdicts) -> verdicts.stream()
				.filter((verdict) -> verdict.level() == Level.BAD || verdict.level() == Level.UNKNOWN)
				.forEach((verdict) -> lines.add(line(pi, verdict))));
		if (!lines.isEmpty()) {
			lines.forEach((line) -> System.err.println(Text.safe(line)));
			throw new Failure("nothing was changed: do what the lines above say, then run it again");
		}
	}

	private static String line(Pi pi, Verdict verdict) {
		return pi.name() + ": " + verdict.check() + ": " + ((verdict.level() == Level.UNKNOWN) ? "unknown: " : "")
				+ verdict.text();
	}

	/** The managers, and the Pis that become managers. */
	private static List<Pi> lockers(Scene scene) {
		return scene.facts()
			.keySet()
			.stream()
			.filter((pi) -> pi.role() == Role.MANAGER || scene.managers().contains(pi))
			.toList();
	}

	/** A drain may be what the user wants, so it stays. */
	private static void noteDrained(Scene scene, Progress progress) {
		scene.state()
			.nodes()
			.value()
			.orElse(List.of())
			.stream()
			.filter((node) -> node.availability().equals("drain"))
			.forEach((node) -> progress.note(node.hostname() + " is drained, so it gets no tasks: 'swarm activate "
					+ node.hostname() + "' changes that"));
	}

	private void confirm(List<Pi> pis, String question, String refusal) {
		if (pis.isEmpty()) {
			return;
		}
		String names = pis.stream().map(Pi::name).collect(Collectors.joining(", "));
		boolean may = this.swarm.isConfirmed()
				|| this.swarm.hasTerminal() && this.swarm.confirms(question + ": " + names + ". Reboot them?");
		if (!may) {
			throw new Failure(refusal + ": " + names + ". Run it again and pass --yes to confirm");
		}
	}

}

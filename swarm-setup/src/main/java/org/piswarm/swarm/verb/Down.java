package org.piswarm.swarm.verb;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;

import org.piswarm.swarm.facts.Survey;
import org.piswarm.swarm.judge.Departure;
import org.piswarm.swarm.judge.Home;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.pis.Role;
import org.piswarm.swarm.ssh.Script;
import org.piswarm.swarm.ssh.Ssh;
import org.piswarm.swarm.terminal.Progress;
import org.piswarm.swarm.terminal.Text;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Takes the Swarm apart. */
@Command(name = "down", header = "takes the Swarm apart",
		description = "All Pis leave the Swarm, workers first; its services end. Docker, images and other containers stay. "
				+ "Without --yes it asks first.",
		footer = "Exit code: 0 if all Pis are in no Swarm, 1 if not or unknown, 2 if the arguments are wrong.")
final class Down implements Callable<Integer> {

	private static final Duration DEADLINE = Duration.ofSeconds(80);

	@ParentCommand
	private Swarm swarm = new Swarm();

	@Override
	public Integer call() {
		try (Ssh ssh = this.swarm.ssh(); Progress progress = new Progress(System.out)) {
			Scout scout = new Scout(ssh, new Survey(ssh, progress), progress);
			Scene first = scout.scene(this.swarm);
			if (!this.swarm.isDryRun()) {
				confirm(first.facts().size());
			}
			boolean complete = true;
			try (Lock lock = Lock.take(ssh, this.swarm.isDryRun() ? List.of() : lockers(first))) {
				// Another command may have changed the Swarm before the lock was taken.
				Scene scene = this.swarm.isDryRun() ? first : scout.again(first);
				for (Pi pi : order(List.copyOf(scene.facts().keySet()))) {
					Departure departure = Departure.of(scene.of(pi), new Home(scene.home(), scene.state().nodes()),
							scene.facts());
					complete &= leave(pi, departure, ssh, lock, progress);
				}
			}
			if (!complete) {
				throw new Failure("not all Pis have left: see above; run it again when they answer");
			}
			return 0;
		}
	}

	/**
	 * A manager too whose engine does not answer: another command may have stopped it.
	 */
	private static List<Pi> lockers(Scene scene) {
		return scene.facts()
			.keySet()
			.stream()
			.filter((pi) -> scene.managers().contains(pi)
					|| pi.role() == Role.MANAGER && scene.of(pi) instanceof Fact.Known)
			.toList();
	}

	private void confirm(int pis) {
		if (!this.swarm.isConfirmed() && !this.swarm.hasTerminal()) {
			throw new Failure("this ends all services of the Swarm: pass --yes to confirm");
		}
		if (!this.swarm.confirms("Take the Swarm of " + pis + " Pis apart, and end all its services?")) {
			throw new Failure("nothing was changed");
		}
	}

	/**
	 * Managers last, the first of the list at the very end: until then, the others can
	 * still be asked.
	 */
	private static List<Pi> order(List<Pi> pis) {
		List<Pi> managers = new ArrayList<>(pis.stream().filter((pi) -> pi.role() == Role.MANAGER).toList());
		Collections.reverse(managers);
		List<Pi> order = new ArrayList<>(pis.stream().filter((pi) -> pi.role() == Role.WORKER).toList());
		order.addAll(managers);
		return order;
	}

	/** Returns whether the Pi is in no Swarm afterwards, or would be. */
	private boolean leave(Pi pi, Departure departure, Ssh ssh, Lock lock, Progress progress) {
		switch (departure.kind()) {
			case OUT -> {
				progress.say(pi.name() + " is in no Swarm");
				return true;
			}
			case STAYS -> {
				System.err.println(Text.safe(pi.name() + ": " + departure.reason()));
				return false;
			}
			default -> {
				if (this.swarm.isDryRun()) {
					progress.say(pi.name() + " would leave the Swarm");
					return true;
				}
				lock.requireHeld();
				progress.begin(pi.name());
				Fact<String> left = ssh.run(pi, Script.LEAVE_SWARM.text(), DEADLINE);
				progress.end(pi.name());
				left.fold((done) -> {
					progress.say(pi.name() + " has left the Swarm");
					return done;
				}, (reason) -> {
					System.err.println(Text.safe(pi.name() + ": whether it has left the Swarm is unknown: " + reason));
					return reason;
				});
				return left instanceof Fact.Known;
			}
		}
	}

}

package org.piswarm.swarm.verb;

import java.util.List;
import java.util.concurrent.Callable;

import org.piswarm.swarm.docker.SwarmState;
import org.piswarm.swarm.facts.Survey;
import org.piswarm.swarm.judge.Spreading;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.ssh.Ssh;
import org.piswarm.swarm.terminal.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Moves replicas from nodes that have many to nodes that have few. */
@Command(name = "rebalance", header = "moves replicas from nodes that have many to nodes that have few",
		description = "Moves replicas from nodes that have many to nodes that have few, one by one: it starts one more, waits "
				+ "until it is healthy, and then stops one where most run. It looks at each service on its own, so a node stays "
				+ "empty if no service that may run there has two more replicas on another node.",
		footer = "Exit code: 0 if all services are spread well, 1 if not or unknown, 2 if the arguments are wrong.")
final class Rebalance implements Callable<Integer> {

	@ParentCommand
	private Swarm swarm = new Swarm();

	@Override
	public Integer call() {
		try (Ssh ssh = this.swarm.ssh(); Progress progress = new Progress(System.out)) {
			Scout scout = new Scout(ssh, new Survey(ssh, progress), progress);
			Scene scene = scout.scene(this.swarm);
			scene.requireManager();
			scene.nodes();
			if (this.swarm.isDryRun()) {
				return show(scene.state(), progress);
			}
			try (Lock lock = Lock.take(ssh, scene.managers())) {
				// Another command may have changed services before the lock was taken.
				Move move = new Move(ssh, scout, scene.managers(), lock);
				return rebalance(scout.state(scene.managers()).state(), move, progress) ? 0 : 1;
			}
		}
	}

	private static List<Spreading> plans(SwarmState state) {
		return Spreading.of(state).fold((plans) -> plans, (reason) -> {
			throw new Failure("the services are unknown, so nothing was changed: " + reason);
		});
	}

	private static int show(SwarmState state, Progress progress) {
		List<Spreading> plans = plans(state);
		plans.forEach((plan) -> {
			if (plan.moves() > 0) {
				progress.say(plan.service().name() + ": would move "
						+ ((plan.moves() == 1) ? "1 replica" : plan.moves() + " replicas, one by one") + ", first from "
						+ plan.from().orElseThrow());
			}
			else {
				report(plan, progress);
			}
		});
		return plans.stream().anyMatch((plan) -> plan.obstacle().isPresent()) ? 1 : 0;
	}

	private static boolean rebalance(SwarmState start, Move move, Progress progress) {
		SwarmState state = start;
		boolean good = true;
		boolean moved = false;
		for (Spreading first : plans(start)) {
			Spreading plan = find(first, plans(state));
			while (plan.moves() > 0) {
				moved = true;
				state = move.apply(plan, state);
				Spreading after = find(first, plans(state));
				progress.say(after.service().name() + " runs on " + after.count().where());
				if (after.unevenness() >= plan.unevenness()) {
					progress.say(after.service().name()
							+ " is not spread better: Swarm did not place the new replica where it was expected");
					good = false;
					break;
				}
				plan = after;
			}
			report(plan, progress);
			good &= plan.obstacle().isEmpty();
		}
		if (!moved && good) {
			progress.say("nothing to do");
		}
		idle(state, progress);
		return good;
	}

	private static Spreading find(Spreading first, List<Spreading> plans) {
		return plans.stream()
			.filter((plan) -> plan.service().id().equals(first.service().id()))
			.findFirst()
			.orElseThrow(() -> new Failure(
					first.service().name() + " was removed meanwhile: run 'swarm rebalance' again for the others"));
	}

	private static void report(Spreading plan, Progress progress) {
		if (plan.moves() == 0) {
			progress.say(plan.obstacle()
				.map((reason) -> reason + "; it stays as it is")
				.orElse(plan.service().name() + " is spread well"));
		}
	}

	private static void idle(SwarmState state, Progress progress) {
		List<String> idle = state.nodes()
			.flatMap((nodes) -> state.tasks().map((tasks) -> Spreading.idle(nodes, tasks)))
			.value()
			.orElse(List.of());
		if (!idle.isEmpty()) {
			progress.say("nothing runs on " + String.join(" ", idle)
					+ ": no service that may run there has two more replicas on another node");
		}
	}

}

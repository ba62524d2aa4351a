package org.piswarm.swarm.verb;

import java.util.List;
import java.util.Set;

import org.piswarm.swarm.docker.Service;
import org.piswarm.swarm.docker.SwarmState;
import org.piswarm.swarm.judge.Spreading;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.ssh.Ssh;

/**
 * Moves a replica: starts one more, waits until it is healthy, and stops one.
 *
 * @param ssh the connections
 * @param scout asks the managers
 * @param managers the managers of the Swarm
 * @param lock the lock of the Swarm
 */
record Move(Ssh ssh, Scout scout, List<Pi> managers, Lock lock) {

	/** Returns the state of the Swarm after the move, in which all replicas run. */
	SwarmState apply(Spreading plan, SwarmState before) {
		Service service = plan.service();
		String name = service.name();
		int replicas = service.replicas();
		if (!this.lock.isHeld()) {
			throw new Failure("the connection to a manager broke, and with it the lock of the Swarm: "
					+ "run 'swarm check', then run this command again");
		}
		Set<String> ignored = Convergence.incomplete(before);
		Pi manager = this.scout.state(this.managers)
			.by()
			.orElseThrow(() -> new Failure("no manager answers: run 'swarm check', then run this command again"));
		this.lock.interruptionLeaves(
				name + " gets its " + replicas + " replicas back within 20 s: check it with 'swarm status'");
		Convergence convergence = new Convergence(this.scout, this.managers);
		Fact<SwarmState> more;
		try (ExtraReplica extra = new ExtraReplica(this.ssh, this.scout.progress(), manager, service)) {
			extra.begin();
			this.scout.progress()
				.say(name + ": one more replica starts; then one stops on " + plan.from().orElseThrow());
			more = convergence.await("the new replica", (state) -> open(service, state));
			extra.end();
		}
		this.lock.interruptionLeaves("");
		if (more instanceof Fact.Unknown<SwarmState> unknown) {
			throw new Failure("another replica did not run within " + Convergence.LIMIT_MINUTES + " minutes ("
					+ unknown.reason() + "), so " + name + " has " + replicas
					+ " replicas again: 'swarm status' says what is missing");
		}
		return convergence.await("all replicas", (state) -> Convergence.open(state, ignored))
			.fold((state) -> state, (left) -> {
				throw new Failure("not all replicas run after " + Convergence.LIMIT_MINUTES + " minutes (" + left
						+ "): 'swarm status' says which");
			});
	}

	/** What is left until all replicas and the new one run. */
	private static Fact<List<String>> open(Service service, SwarmState state) {
		return state.counts()
			.map((counts) -> counts.stream()
				.filter((count) -> count.service().id().equals(service.id()))
				// If another command has set another number, the wait ends.
				.filter((count) -> count.service().replicas() == service.replicas() + 1)
				.flatMap((count) -> count.open().stream())
				.toList());
	}

}

package org.piswarm.swarm.verb;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;

import org.piswarm.swarm.docker.SwarmState;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.pis.Role;
import org.piswarm.swarm.prepare.SwarmPlan;
import org.piswarm.swarm.prepare.SwarmPlan.LabelChange;
import org.piswarm.swarm.prepare.SwarmPlan.RoleChange;
import org.piswarm.swarm.ssh.Ssh;

/**
 * Makes one Swarm of all Pis of the list.
 *
 * @param ssh the connections
 * @param scout asks
 * @param lock the lock of the Swarm
 */
record Formation(Ssh ssh, Scout scout, Lock lock) {

	private static final Duration ELECTION = Duration.ofSeconds(30);

	/** What is missing, if that is known. */
	static SwarmPlan plan(Scene scene, String state) {
		return SwarmPlan.of(scene.facts(), scene.home(), scene.state().nodes()).fold((plan) -> plan, (reason) -> {
			throw new Failure(reason + ". " + state + ": run 'swarm check', then run this command again");
		});
	}

	private static SwarmPlan plan(Scene scene) {
		return plan(scene, "Not all is done");
	}

	/** Returns the state of all Pis in one Swarm. */
	Scene apply(Scene before) {
		Scene scene = before;
		Pi first = plan(scene).first().orElse(null);
		if (first != null) {
			joins(scene).make(first);
			scene = look(scene);
		}
		List<Pi> joins = plan(scene).joins();
		if (!joins.isEmpty()) {
			joins(scene).join(joins);
			scene = look(scene);
		}
		scene = changeRoles(scene, Role.MANAGER);
		scene = changeRoles(scene, Role.WORKER);
		for (LabelChange change : plan(scene).labels()) {
			say(change.pi().name() + " gets the label " + change.label());
			new NodeChange(scene, this.ssh, this.scout.progress()).update(change.node().orElseThrow(), "--label-add",
					change.label(), "has the label " + change.label(), this.lock);
		}
		return scene;
	}

	/**
	 * Asks all Pis again: what counts is what is so. After a change of managers, an
	 * engine can be without an answer until a leader is elected.
	 */
	private Scene look(Scene before) {
		long end = System.nanoTime() + ELECTION.toNanos();
		Scene now;
		do {
			now = this.scout.again(before);
		}
		while (SwarmPlan.of(now.facts(), now.home(), now.state().nodes()) instanceof Fact.Unknown
				&& System.nanoTime() < end);
		return now;
	}

	private Joins joins(Scene scene) {
		return new Joins(this.ssh, this.scout.progress(), this.lock, scene);
	}

	/**
	 * Promotions first, and each waits for the one before: so there is always a majority.
	 */
	private Scene changeRoles(Scene before, Role role) {
		Scene scene = before;
		for (RoleChange change : plan(scene).roles()) {
			if (change.pi().role() == role) {
				say(change.pi().name() + " becomes a " + role);
				new NodeChange(scene, this.ssh, this.scout.progress()).update(change.node(), "--role", role.toString(),
						"is a " + role, this.lock);
				awaitRole(scene, change);
				scene = look(scene);
			}
		}
		return scene;
	}

	/** The managers take a moment to accept a new one, or to dismiss an old one. */
	private void awaitRole(Scene scene, RoleChange change) {
		Role role = change.pi().role();
		await(this.scout, scene, change.pi().name(),
				(state) -> state.nodes()
					.map((nodes) -> nodes.stream()
						.filter((node) -> node.id().equals(change.node().id()))
						.anyMatch((node) -> node.role() == role && node.reachable() == (role == Role.MANAGER))
								? List.of() : List.of("it is no " + role + " yet")));
	}

	/** Waits until each Pi is a node that is ready, with its role. */
	static void awaitReady(Scout scout, Scene scene) {
		if (SwarmPlan.open(scene.facts(), scene.state().nodes()).equals(Fact.known(List.of()))) {
			return;
		}
		await(scout, scene, "all nodes", (state) -> SwarmPlan.open(scene.facts(), state.nodes()));
	}

	private static void await(Scout scout, Scene scene, String subject, Function<SwarmState, Fact<List<String>>> open) {
		new Convergence(scout, scene.managers()).await(subject, open).fold((state) -> state, (left) -> {
			throw new Failure("after " + Convergence.LIMIT_MINUTES + " minutes, " + left
					+ ": 'swarm status' shows the nodes; run it again to go on");
		});
	}

	private void say(String text) {
		this.scout.progress().say(text);
	}

}

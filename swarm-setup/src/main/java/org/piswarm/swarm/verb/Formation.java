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
import org.piswarm.swarm.ssh.Script;
import org.piswarm.swarm.ssh.Ssh;
import org.piswarm.swarm.terminal.Progress;

/**
 * Makes one Swarm of all Pis of the list.
 *
 * @param ssh the connections
 * @param scout asks
 * @param swarm the list
 * @param lock the lock of the Swarm
 */
record Formation(Ssh ssh, Scout scout, Swarm swarm, Lock lock) {

	private static final Duration DEADLINE = Duration.ofSeconds(80);

	/** The form that Docker documents; the token becomes part of a command. */
	private static final String TOKEN = "SWMTKN-1-[0-9a-z]{1,60}-[0-9a-z]{1,40}";

	/** What is missing, if that is known. */
	static SwarmPlan plan(Scene scene) {
		return SwarmPlan.of(scene.facts(), scene.home(), scene.state().nodes()).fold((plan) -> plan, (reason) -> {
			throw new Failure(reason + ". Not all is done: run 'swarm check', then run this command again");
		});
	}

	/** Returns the state of all Pis in one Swarm. */
	Scene apply(Scene before) {
		Scene scene = before;
		Pi first = plan(scene).first().orElse(null);
		if (first != null) {
			say("makes a Swarm, with " + first.name() + " as its manager");
			run(first, Script.SWARM_INIT.with(address(scene, first)), "could not make a Swarm");
			scene = look();
		}
		List<Pi> joins = plan(scene).joins();
		if (!joins.isEmpty()) {
			join(joins, scene);
			scene = look();
		}
		scene = changeRoles(scene, Role.MANAGER);
		scene = changeRoles(scene, Role.WORKER);
		for (LabelChange change : plan(scene).labels()) {
			say(change.pi().name() + " gets the label " + change.label());
			new NodeChange(scene, this.ssh).update(change.node().orElseThrow(), "--label-add", change.label(),
					"has the label " + change.label(), this.lock);
		}
		return scene;
	}

	/** Asks all Pis again: what counts is what is so. */
	private Scene look() {
		return this.scout.scene(this.swarm);
	}

	private void join(List<Pi> joins, Scene scene) {
		Pi manager = manager(scene);
		for (Pi pi : joins) {
			this.lock.requireHeld();
			say(pi.name() + " joins as " + pi.role());
			String token = run(manager, Script.JOIN_TOKEN.with("show", pi.role().toString()), "gives no join token")
				.strip();
			if (!token.matches(TOKEN)) {
				throw new Failure(manager.name() + ": gives a join token that is none. Not all is done: run it again");
			}
			run(pi, Script.JOIN_SWARM.with(address(scene, pi), address(scene, manager), token), "could not join");
		}
		// What the Pis have seen opens nothing any more.
		for (Role role : Role.values()) {
			run(manager, Script.JOIN_TOKEN.with("rotate", role.toString()), "could not replace its join token");
		}
	}

	/**
	 * Promotions first, and each waits for the one before: so there is always a majority.
	 */
	private Scene changeRoles(Scene before, Role role) {
		Scene scene = before;
		for (RoleChange change : plan(scene).roles()) {
			if (change.pi().role() == role) {
				say(change.pi().name() + " becomes a " + role);
				new NodeChange(scene, this.ssh).update(change.node(), "--role", role.toString(), "is a " + role,
						this.lock);
				awaitRole(scene, change);
				scene = look();
			}
		}
		return scene;
	}

	private void awaitRole(Scene scene, RoleChange change) {
		await(scene, change.pi().name(),
				(state) -> state.nodes()
					.map((nodes) -> nodes.stream()
						.anyMatch((node) -> node.id().equals(change.node().id()) && node.role() == change.pi().role()
								&& (node.reachable() || node.role() == Role.WORKER)) ? List.of()
										: List.of("it is no " + change.pi().role() + " yet")));
	}

	/** Waits until each Pi is a node that is ready, with its role. */
	void awaitReady(Scene scene) {
		if (SwarmPlan.open(scene.facts(), scene.state().nodes()).equals(Fact.known(List.of()))) {
			return;
		}
		await(scene, "all nodes", (state) -> SwarmPlan.open(scene.facts(), state.nodes()));
	}

	private void await(Scene scene, String subject, Function<SwarmState, Fact<List<String>>> open) {
		new Convergence(this.scout, scene.managers()).await(subject, open).fold((state) -> state, (left) -> {
			throw new Failure("after " + Convergence.LIMIT_MINUTES + " minutes, " + left
					+ ": 'swarm status' shows the nodes; run it again to go on");
		});
	}

	private static Pi manager(Scene scene) {
		return scene.manager()
			.orElseThrow(() -> new Failure(
					"found no manager of the Swarm that answers: run 'swarm check', then run it again"));
	}

	/** An IPv4 address, which was checked: it becomes part of a command. */
	private static String address(Scene scene, Pi pi) {
		return scene.of(pi)
			.flatMap((facts) -> facts.network().address())
			.value()
			.filter((address) -> !address.isEmpty())
			.orElseThrow(() -> new Failure(pi.name() + ": its address is unknown: run 'swarm check'"));
	}

	private String run(Pi pi, String script, String failure) {
		Progress progress = this.scout.progress();
		progress.begin(pi.name());
		Fact<String> answer = this.ssh.run(pi, script, DEADLINE);
		progress.end(pi.name());
		return answer.fold((out) -> out, (reason) -> {
			throw new Failure(pi.name() + ": " + failure + ": " + reason + "; run it again to go on");
		});
	}

	private void say(String text) {
		this.scout.progress().say(text);
	}

}

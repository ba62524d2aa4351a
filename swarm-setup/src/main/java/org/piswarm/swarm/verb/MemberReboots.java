package org.piswarm.swarm.verb;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

import org.piswarm.swarm.docker.Node;
import org.piswarm.swarm.docker.SwarmState;
import org.piswarm.swarm.facts.PiFacts;
import org.piswarm.swarm.judge.Draining;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.prepare.RebootPlan;
import org.piswarm.swarm.ssh.Ssh;

/**
 * Reboots nodes of the Swarm, one at a time. Each is drained if it runs tasks.
 *
 * @param ssh the connections
 * @param scout asks
 * @param scene the Swarm
 * @param lock the lock of the Swarm
 */
record MemberReboots(Ssh ssh, Scout scout, Scene scene, Lock lock) {

	private static final String GO_ON = ". 'swarm status' says more; run it again to go on";

	void apply(List<Pi> pis) {
		Map<Pi, Node> nodes = new LinkedHashMap<>();
		for (Pi pi : pis) {
			nodes.put(pi, this.scene.state()
				.nodes()
				.value()
				.orElse(List.of())
				.stream()
				.filter((node) -> this.scene.identities().reports(pi, node))
				.filter((node) -> this.scene.identities().pi(node).filter(pi::equals).isPresent())
				.findFirst()
				.orElseThrow(() -> new Failure(
						pi.name() + ": which node it is, is unknown, so it did not reboot: run 'swarm check'")));
		}
		RebootPlan.order(nodes).forEach((entry) -> reboot(entry.getKey(), entry.getValue()));
	}

	private void reboot(Pi pi, Node former) {
		Scout.Told told = this.scout.state(this.scene.managers());
		SwarmState state = told.state();
		state.counts().fold((known) -> known, (reason) -> {
			throw new Failure(pi.name() + ": the state of the Swarm is unknown, so it did not reboot: " + reason);
		});
		Node node = Draining.find(former.id(), state)
			.orElseThrow(() -> new Failure(pi.name() + " is no node of the Swarm any more, so it did not reboot"));
		Set<String> lacking = Convergence.incomplete(state);
		RebootPlan plan = RebootPlan.of(node, state.nodes().value().orElseThrow(), state.tasks().value().orElseThrow());
		plan.obstacle().ifPresent((reason) -> {
			throw new Failure(pi.name() + " did not reboot: " + reason);
		});
		if (plan.drain()) {
			Set<String> unmoved = new TreeSet<>(Draining.immovable(node, state).value().orElseThrow());
			unmoved.forEach((service) -> this.scout.progress()
				.say(service + " can run on no other node: it stops while " + node.hostname() + " reboots"));
			unmoved.addAll(lacking);
			drainAndReboot(pi, node, unmoved);
		}
		else {
			rebootAndWait(pi, node);
		}
		await("all replicas", (now) -> Convergence.open(now, lacking),
				(left) -> "not all replicas run " + Convergence.LIMIT_MINUTES + " minutes after the reboot of "
						+ pi.name() + ": " + left + ". The other Pis did not reboot; run it again to go on");
	}

	private void drainAndReboot(Pi pi, Node node, Set<String> ignored) {
		Runnable change = () -> {
			this.scout.progress().say(node.hostname() + " takes no more tasks; waiting until its tasks run elsewhere");
			await(node.hostname(), (now) -> Draining.left(node.id(), now, ignored), (left) -> pi.name()
					+ " did not reboot: after " + Convergence.LIMIT_MINUTES + " minutes, " + left + GO_ON);
			rebootAndWait(pi, node);
		};
		new TemporaryDrain(this.ssh, this.scout, this.scene, this.lock).during(pi, node, change);
	}

	private void rebootAndWait(Pi pi, Node node) {
		PiFacts facts = this.scene.of(pi).fold((known) -> known, (reason) -> {
			throw new Failure(pi.name() + ": " + reason);
		});
		new Reboot(this.ssh, this.scout.survey(), this.scout.progress()).apply(pi, facts, this.lock);
		await(node.hostname(), (state) -> state.nodes().map((nodes) -> RebootPlan.open(node, state)),
				(left) -> pi.name() + ": " + Convergence.LIMIT_MINUTES + " minutes after its reboot, " + left + GO_ON);
	}

	private void await(String subject, Function<SwarmState, Fact<List<String>>> open,
			Function<String, String> failure) {
		new Convergence(this.scout, this.scene.managers()).await(subject, open).fold((state) -> state, (left) -> {
			throw new Failure(failure.apply(left));
		});
	}

}

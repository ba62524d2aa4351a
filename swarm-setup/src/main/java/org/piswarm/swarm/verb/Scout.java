package org.piswarm.swarm.verb;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.piswarm.swarm.docker.DockerInfo;
import org.piswarm.swarm.docker.SwarmState;
import org.piswarm.swarm.facts.PiFacts;
import org.piswarm.swarm.facts.Survey;
import org.piswarm.swarm.judge.Home;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.pis.Role;
import org.piswarm.swarm.ssh.Script;
import org.piswarm.swarm.ssh.Ssh;
import org.piswarm.swarm.terminal.Progress;

/**
 * Finds out about the Pis and their Swarm.
 *
 * @param ssh the connections
 * @param survey asks all Pis at once
 * @param progress says what is waited for
 */
record Scout(Ssh ssh, Survey survey, Progress progress) {

	/** A manager without a quorum answers after 20 s, to each of three questions. */
	private static final Duration DEADLINE = Duration.ofSeconds(80);

	/** Asks the Pis, and then a manager. */
	Scene scene(Swarm swarm) {
		List<Pi> pis = swarm.pis();
		Map<Pi, Fact<PiFacts>> facts = this.survey.facts(pis);
		if (swarm.canAsk()) {
			List<Pi> strangers = pis.stream().filter((pi) -> hasUnknownKey(facts.get(pi))).toList();
			strangers.forEach(this.ssh::askForKey);
			facts.putAll(this.survey.facts(strangers));
		}
		return scene(facts);
	}

	/** Asks the same Pis and a manager again, and the user nothing. */
	Scene again(Scene before) {
		return scene(this.survey.facts(List.copyOf(before.facts().keySet())));
	}

	private Scene scene(Map<Pi, Fact<PiFacts>> facts) {
		Fact<Optional<String>> home = Home.idOf(facts);
		List<Pi> managers = managers(facts, home);
		this.progress.begin("the Swarm's state");
		Told told = state(managers);
		this.progress.end("the Swarm's state");
		return new Scene(facts, home, managers, told.by(), told.state());
	}

	/**
	 * What a manager said.
	 *
	 * @param by the manager that listed the nodes, if one did
	 * @param state the Swarm
	 */
	record Told(Optional<Pi> by, SwarmState state) {
	}

	private static boolean hasUnknownKey(@Nullable Fact<PiFacts> fact) {
		return fact instanceof Fact.Unknown<PiFacts> unknown && unknown.reason().contains("not known yet");
	}

	/** Asks one manager after another until one lists the nodes. */
	Told state(List<Pi> managers) {
		SwarmState state = SwarmState.unknown("no manager of the Swarm answered");
		for (Pi pi : managers) {
			state = SwarmState.parse(pi.name(), this.ssh.run(pi, Script.SWARM_STATE.text(), DEADLINE));
			if (state.nodes() instanceof Fact.Known) {
				return new Told(Optional.of(pi), state);
			}
		}
		return new Told(Optional.empty(), state);
	}

	/**
	 * The managers in the list; or else those of the same Swarm that the list calls
	 * workers, as after a change of roles. A worker that claims to be a manager must not
	 * answer for managers that are off, or that fail.
	 */
	private static List<Pi> managers(Map<Pi, Fact<PiFacts>> facts, Fact<Optional<String>> home) {
		List<Pi> managers = new ArrayList<>();
		List<Pi> others = new ArrayList<>();
		boolean all = facts.entrySet()
			.stream()
			.filter((entry) -> entry.getKey().role() == Role.MANAGER)
			.allMatch((entry) -> entry.getValue().flatMap(Home::swarmOf) instanceof Fact.Known);
		facts.forEach((pi, fact) -> {
			boolean manages = fact.flatMap((known) -> known.docker().info())
				.map(DockerInfo::swarm)
				.value()
				.filter((swarm) -> swarm.isActive() && swarm.role() == Role.MANAGER)
				.isPresent();
			Optional<String> own = fact.flatMap(Home::swarmOf).value().flatMap((id) -> id);
			Optional<String> wanted = home.value().flatMap((id) -> id);
			if (manages && own.isPresent() && wanted.isPresent() && own.equals(wanted)) {
				((pi.role() == Role.MANAGER) ? managers : others).add(pi);
			}
		});
		return (managers.isEmpty() && all) ? others : managers;
	}

}

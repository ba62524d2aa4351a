package org.piswarm.swarm.verb;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.piswarm.swarm.backup.Manifest;
import org.piswarm.swarm.docker.SwarmState;
import org.piswarm.swarm.judge.Home;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.pis.Pi;

/**
 * Whether the Swarm of the backup runs: only that Swarm, with its nodes and its services,
 * is a success.
 *
 * @param scout asks
 * @param pi the manager that got the state
 * @param manifest what the backup contains
 */
record RestoreCheck(Scout scout, Pi pi, Manifest manifest) {

	void apply() {
		Fact<Optional<String>> swarm = this.scout.survey().factsOf(this.pi).flatMap(Home::swarmOf);
		swarm.fold((id) -> {
			if (!id.equals(Optional.of(this.manifest.swarmId()))) {
				throw new Failure(this.pi.name()
						+ (id.isEmpty() ? " is in no Swarm" : " is in a new, empty Swarm, or in another one")
						+ ", not in the Swarm of the backup (" + this.manifest.swarmId()
						+ "): run 'docker swarm leave --force' on it, then this command again");
			}
			return id;
		}, (reason) -> {
			throw new Failure(this.pi.name() + ": whether it is in the Swarm of the backup is unknown: " + reason
					+ ". Run it again to find out");
		});
		List<Fact<List<String>>> missing = new ArrayList<>();
		SwarmState state = new Convergence(this.scout, List.of(this.pi)).await("the nodes of the backup", (told) -> {
			missing.add(this.manifest.missingNodes(told));
			return missing.get(missing.size() - 1);
		}).fold((known) -> known, (left) -> {
			throw notBack(missing.get(missing.size() - 1));
		});
		this.manifest.differences(state).fold((list) -> {
			if (!list.isEmpty()) {
				throw new Failure("the state is restored, and the services are not those of the backup: "
						+ String.join("; ", list) + ". Run 'swarm deploy'");
			}
			return list;
		}, (reason) -> {
			throw new Failure(
					"the state is restored; whether the services are those of the backup is unknown: " + reason);
		});
	}

	/** A node that could not be asked about must not leave. */
	static Failure notBack(Fact<List<String>> missing) {
		return missing.fold(
				(nodes) -> new Failure("the state is restored, and not all nodes have come back. After "
						+ Convergence.LIMIT_MINUTES + " minutes, the nodes of the backup: " + String.join("; ", nodes)
						+ ". If a node does not come back by itself, run 'docker swarm leave --force' on it, "
						+ "then 'swarm up'"),
				(reason) -> new Failure("the state is restored; whether all nodes have come back is unknown after "
						+ Convergence.LIMIT_MINUTES + " minutes: " + reason
						+ ". Run 'swarm check', then this command again: it then compares the Swarm with the backup"));
	}

}

package org.piswarm.swarm.backup;

import java.util.Map;
import java.util.Optional;

import org.piswarm.swarm.docker.DockerInfo;
import org.piswarm.swarm.facts.PiFacts;
import org.piswarm.swarm.judge.Home;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.pis.Role;

/**
 * The other Pis of the list, of which none may manage the Swarm of the backup: two
 * managers with one state would be two Swarms that do not know each other.
 */
public final class Survivors {

	private Survivors() {
	}

	/**
	 * Checks what the other Pis say.
	 * @param manifest what the backup contains
	 * @param target the Pi that gets the state
	 * @param working the manager that listed the nodes, if one did
	 * @param all what all Pis say
	 * @throws Failure if a Pi manages the Swarm, may do so, or is in another Swarm
	 */
	public static void check(Manifest manifest, Pi target, Optional<Pi> working, Map<Pi, Fact<PiFacts>> all) {
		all.forEach((pi, fact) -> {
			if (!pi.equals(target)) {
				fact.value()
					.flatMap((facts) -> obstacle(manifest, pi, facts, working.equals(Optional.of(pi))))
					.ifPresent((text) -> {
						throw new Failure(pi.name() + text);
					});
			}
		});
	}

	private static Optional<String> obstacle(Manifest manifest, Pi pi, PiFacts facts, boolean works) {
		return Home.swarmOf(facts)
			.fold((swarm) -> swarm.flatMap((id) -> id.equals(manifest.swarmId()) ? manager(pi, facts, works)
					: Optional.of(" is in the Swarm " + id + ", and the backup is of the Swarm " + manifest.swarmId()
							+ ", so nothing was changed: use a backup of that Swarm. If you do not need that Swarm, "
							+ "run 'docker swarm leave --force' on it")),
					(reason) -> (pi.role() == Role.MANAGER) ? Optional
						.of(", a manager in the list, may manage the Swarm of the backup: " + reason
								+ ", so nothing was changed: run 'sudo systemctl restart docker' on it, or switch it "
								+ "off if it is lost")
							: Optional.empty());
	}

	private static Optional<String> manager(Pi pi, PiFacts facts, boolean works) {
		if (works) {
			return Optional.of(" is a manager of that Swarm and answers, so nothing was restored: "
					+ "put it first in the list, then run 'swarm up', which joins the others to it");
		}
		DockerInfo.Swarm swarm = facts.docker().info().map(DockerInfo::swarm).value().orElseThrow();
		// An engine that has not become active does not say that it is a manager.
		boolean manages = swarm.role() == Role.MANAGER || pi.role() == Role.MANAGER && !swarm.isActive();
		return manages ? Optional
			.of(" is a manager of that Swarm without a majority, so nothing was restored: no backup "
					+ "is needed. If the other managers are lost, run 'docker swarm init --force-new-cluster' on it, "
					+ "put it first in the list, then run 'swarm up'")
				: Optional.empty();
	}

}

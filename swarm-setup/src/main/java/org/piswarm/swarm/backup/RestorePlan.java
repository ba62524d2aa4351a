package org.piswarm.swarm.backup;

import java.util.Optional;

import org.piswarm.swarm.docker.DockerInfo;
import org.piswarm.swarm.facts.PiFacts;
import org.piswarm.swarm.judge.Home;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.pis.Role;

/** Whether a backup can be restored onto a Pi. */
public enum RestorePlan {

	/** The Pi gets the state of the Swarm. */
	RESTORE,
	/** The Pi already has it. */
	VERIFY;

	/**
	 * Decides what to do.
	 * @param manifest what the backup contains
	 * @param pi the Pi
	 * @param facts what it says
	 * @param confirmed whether its containers may stop
	 * @throws Failure if the backup cannot be restored, or if that is unknown
	 */
	public static RestorePlan of(Manifest manifest, Pi pi, PiFacts facts, boolean confirmed) {
		Optional<String> swarm = known(pi, Home.swarmOf(facts));
		if (swarm.isPresent()) {
			if (swarm.get().equals(manifest.swarmId())) {
				return nodeOf(pi, facts.docker().info().map(DockerInfo::swarm).value().orElseThrow());
			}
			throw new Failure(pi.name()
					+ " is in another Swarm than that of the backup, so nothing was changed: restore "
					+ "onto a Pi that is in no Swarm. If the Swarm of this Pi is lost, run 'docker swarm leave --force' on it");
		}
		String address = known(pi, facts.network().address());
		if (!manifest.managerAddresses().contains(address)) {
			throw new Failure(pi.name() + " is at " + address + ", and the nodes look for their manager at "
					+ String.join(" or ", manifest.managerAddresses())
					+ ", so nothing was changed: give it that address");
		}
		int containers = facts.docker().info().map((info) -> info.containers()).value().orElse(0);
		if (containers > 0 && !confirmed) {
			throw new Failure(pi.name() + " runs " + containers
					+ " containers, which would stop for some seconds: pass --yes to confirm");
		}
		return RESTORE;
	}

	/**
	 * Only a manager with a leader says the ID of the Swarm. The certificate, which names
	 * it too, is also that of a worker, or of a manager whose restore was cut off.
	 */
	private static RestorePlan nodeOf(Pi pi, DockerInfo.Swarm swarm) {
		if (swarm.swarmId().isPresent()) {
			return VERIFY;
		}
		if (swarm.isActive() && swarm.role() == Role.WORKER) {
			throw new Failure(pi.name() + " is a worker of the Swarm of the backup, so nothing was changed: "
					+ "put the Pi that takes the place of the manager first in the list; it must be in no Swarm");
		}
		throw new Failure(pi.name()
				+ " has the state of the Swarm of the backup, and that Swarm has no leader, so nothing "
				+ "was changed: wait some minutes, then run it again. If it stays so and no other manager is left, run "
				+ "'docker swarm init --force-new-cluster' on it, then this command again");
	}

	private static <T> T known(Pi pi, Fact<T> fact) {
		return fact.fold((value) -> value, (reason) -> {
			throw new Failure(pi.name() + ": " + reason + ", so nothing was changed: run 'swarm check'");
		});
	}

}

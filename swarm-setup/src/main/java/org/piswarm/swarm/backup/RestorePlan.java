package org.piswarm.swarm.backup;

import java.util.Optional;

import org.piswarm.swarm.facts.PiFacts;
import org.piswarm.swarm.judge.Home;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.pis.Pi;

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
				return VERIFY;
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

	private static <T> T known(Pi pi, Fact<T> fact) {
		return fact.fold((value) -> value, (reason) -> {
			throw new Failure(pi.name() + ": " + reason + ", so nothing was changed: run 'swarm check'");
		});
	}

}

package org.piswarm.swarm.verb;

import java.time.Duration;
import java.util.List;

import org.piswarm.swarm.facts.PiFacts;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.ssh.Script;
import org.piswarm.swarm.ssh.Ssh;
import org.piswarm.swarm.terminal.Progress;

/**
 * Brings Pis into a Swarm.
 *
 * @param ssh the connections
 * @param progress says what is done
 * @param lock the lock of the Swarm
 * @param scene the Pis
 */
record Joins(Ssh ssh, Progress progress, Lock lock, Scene scene) {

	/** The limits of the scripts' commands. */
	private static final Duration DEADLINE = Duration.ofSeconds(180);

	/** A Swarm of one Pi, which manages it. */
	void make(Pi first) {
		this.progress.say("makes a Swarm, with " + first.name() + " as its manager");
		run(first, Script.SWARM_INIT.with(address(first)), "could not make a Swarm");
	}

	/** One after another, as each manager changes what a majority is. */
	void join(List<Pi> pis) {
		Pi manager = this.scene.manager()
			.orElseThrow(() -> new Failure(
					"found no manager of the Swarm that answers: run 'swarm check', then run it again"));
		try (JoinTokens tokens = new JoinTokens(this.ssh, this.progress, manager)) {
			try {
				pis.forEach((pi) -> join(pi, manager, tokens));
			}
			catch (Failure failure) {
				try {
					tokens.replace();
				}
				catch (Failure second) {
					throw new Failure(failure.getMessage() + "; then " + second.getMessage());
				}
				throw failure;
			}
			tokens.replace();
		}
	}

	private void join(Pi pi, Pi manager, JoinTokens tokens) {
		String token = tokens.of(pi.role());
		this.progress.say(pi.name() + " joins as " + pi.role());
		run(pi, Script.JOIN_SWARM.with(address(pi), address(manager), token), "could not join");
	}

	/** An IPv4 address, which was checked: it becomes part of a command. */
	private String address(Pi pi) {
		return this.scene.of(pi)
			.flatMap(PiFacts::swarmAddress)
			.value()
			.filter((address) -> !address.isEmpty())
			.orElseThrow(() -> new Failure(pi.name() + ": its address is unknown: run 'swarm check'"));
	}

	private void run(Pi pi, String script, String failure) {
		this.lock.requireHeld(pi.name() + " is in no Swarm");
		this.progress.begin(pi.name());
		this.ssh.run(pi, script, DEADLINE).fold((out) -> out, (reason) -> {
			throw new Failure(pi.name() + ": " + failure + ": " + reason + "; run it again to go on");
		});
		this.progress.end(pi.name());
	}

}

package org.piswarm.swarm.verb;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.piswarm.swarm.docker.SwarmState;
import org.piswarm.swarm.judge.Rollout;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.ssh.Reply;
import org.piswarm.swarm.stack.Stack;
import org.piswarm.swarm.terminal.Text;

/**
 * A stack that is handed over to Swarm.
 *
 * @param name the name of the stack
 * @param stack what is in its files
 * @param options the options with which Docker finds its images
 * @param confirmed whether services that left the files may be removed
 */
record Release(String name, Stack stack, List<String> options, boolean confirmed) {

	private static final String FILE = ".swarm-release.json";

	/** The exit code of the script if Docker did not say what it has done. */
	private static final int UNANSWERED = 124;

	/** What runs before. Without that, and without consent, nothing is removed. */
	Rollout before(SwarmState state) {
		Rollout rollout = Rollout.begin(this.name, this.stack.services(), state).fold((known) -> known, (reason) -> {
			throw new Failure("the services are unknown, so they were not changed: " + reason);
		});
		if (!rollout.leftOut().isEmpty() && !this.confirmed) {
			throw new Failure("the stack " + this.name
					+ " has services that are not in the files and would be removed: "
					+ String.join(" ", rollout.leftOut()) + ". Pass --yes to confirm, or --name for another stack");
		}
		return rollout;
	}

	/** The options of {@code docker stack deploy}. */
	List<String> options(Rollout rollout) {
		List<String> all = new ArrayList<>(this.options);
		if (!rollout.leftOut().isEmpty()) {
			all.add("--prune");
		}
		return all;
	}

	/** Hands it over. What Docker refuses, it may have done in part. */
	void handOver(Stage stage, Lock lock, Rollout rollout, Runnable refused) {
		stage.bring(this.stack.text().getBytes(StandardCharsets.UTF_8), FILE);
		lock.requireHeld("the services were not changed");
		lock.interruptionSays(
				"Swarm may have got the release, and goes on with it by itself: 'swarm status' shows how it went");
		Reply reply = stage.deploy(FILE, this.name, options(rollout))
			.flatMap((answer) -> (answer.exit() == UNANSWERED) ? Fact.<Reply>unknown(answer.complaint())
					: Fact.known(answer))
			.fold((answer) -> answer, (reason) -> {
				throw new Failure("whether Swarm has accepted the release is unknown: " + reason
						+ ". 'swarm status' says what runs; run it again");
			});
		if (reply.exit() != 0) {
			reply.err().lines().forEach((line) -> System.err.println(Text.safe(line)));
			if (reply.err().contains("only updates to Labels are allowed")) {
				System.err.println(
						"Swarm cannot change a config or a secret: give it a new name, where it is defined and where "
								+ "it is used (motd-1, motd-2).");
			}
			refused.run();
			throw new Failure("Docker refused the release of " + this.name + ", for the reason above");
		}
	}

}

package org.piswarm.swarm.verb;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.piswarm.swarm.facts.PiFacts;
import org.piswarm.swarm.facts.Survey;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.ssh.Reply;
import org.piswarm.swarm.ssh.Script;
import org.piswarm.swarm.ssh.Ssh;
import org.piswarm.swarm.terminal.Progress;

/**
 * Reboots a Pi and waits until its engine answers again.
 *
 * @param ssh the connections
 * @param survey asks
 * @param progress says what is waited for
 */
record Reboot(Ssh ssh, Survey survey, Progress progress) {

	private static final long LIMIT_MINUTES = 4;

	/** The end of the system may end the script. */
	private static final int SIGNALLED = 128;

	private static final Duration DEADLINE = Duration.ofSeconds(20);

	/** Returns what the Pi says afterwards. A reboot ends the lock on the Pi. */
	PiFacts apply(Pi pi, PiFacts before, Lock lock) {
		String boot = before.machine().bootId().fold((id) -> id, (reason) -> {
			throw new Failure(pi.name() + ": which boot this is, is unknown: " + reason + ". It did not reboot");
		});
		lock.requireHeld(pi.name() + " did not reboot");
		this.progress.say(pi.name() + ": reboots");
		boolean locked = lock.releaseOn(pi);
		String waiting = pi.name() + " (reboots)";
		this.progress.begin(waiting);
		try {
			// The connection may end before the answer; only the next boot shows whether
			// it rebooted.
			Optional<Reply> refusal = this.ssh.call(pi, Script.REBOOT.text(), DEADLINE)
				.value()
				.filter((reply) -> reply.exit() > 0 && reply.exit() < SIGNALLED);
			Optional<PiFacts> facts = refusal.isPresent() ? Optional.empty() : Optional.of(await(pi, boot));
			if (locked) {
				lock.takeAgainOn(pi);
			}
			return facts
				.orElseThrow(() -> new Failure(pi.name() + " did not reboot: " + refusal.orElseThrow().complaint()));
		}
		finally {
			this.progress.end(waiting);
		}
	}

	private PiFacts await(Pi pi, String boot) {
		long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(LIMIT_MINUTES);
		Fact<PiFacts> facts;
		do {
			pause();
			this.ssh.disconnect(pi);
			facts = this.survey.ask(pi);
			PiFacts now = facts.value().filter((known) -> isComplete(known, boot)).orElse(null);
			if (now != null) {
				return now;
			}
			if (facts.value().filter((known) -> isInVain(known, boot)).isPresent()) {
				break;
			}
		}
		while (System.nanoTime() < end);
		throw new Failure(pi.name() + ": after its reboot, "
				+ facts.fold((known) -> problem(known, boot), (reason) -> "it " + reason));
	}

	private static boolean isComplete(PiFacts facts, String boot) {
		return hasRebooted(facts, boot) && facts.machine().limits().enforced().equals(Fact.known(true))
				&& facts.docker().info() instanceof Fact.Known;
	}

	/** More time would not turn the limits on. */
	private static boolean isInVain(PiFacts facts, String boot) {
		return hasRebooted(facts, boot) && facts.machine().limits().enforced().equals(Fact.known(false));
	}

	private static boolean hasRebooted(PiFacts facts, String boot) {
		return facts.machine().bootId().value().filter((id) -> !id.equals(boot)).isPresent();
	}

	private static String problem(PiFacts facts, String boot) {
		if (facts.machine().bootId().equals(Fact.known(boot))) {
			return "it has not rebooted after " + LIMIT_MINUTES + " minutes";
		}
		if (isInVain(facts, boot)) {
			return "memory limits are still off: compare /proc/cmdline with "
					+ facts.machine().limits().file().orElse("cmdline.txt");
		}
		return facts.docker().info().fold((info) -> "whether memory limits are on is unknown", (reason) -> reason);
	}

	private static void pause() {
		try {
			TimeUnit.SECONDS.sleep(2);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new Failure("interrupted: run it again to finish");
		}
	}

}

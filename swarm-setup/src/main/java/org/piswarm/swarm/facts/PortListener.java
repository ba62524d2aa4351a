package org.piswarm.swarm.facts;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.ssh.Call;

/**
 * A program of ours on a Pi that answers at the ports of a Swarm until its input ends.
 */
final class PortListener implements AutoCloseable {

	private static final Duration DEADLINE = Duration.ofSeconds(10);

	private final Call call;

	private final long end = System.nanoTime() + DEADLINE.toNanos();

	PortListener(Call call) {
		this.call = call;
	}

	/** Waits until it listens, and returns those of the wanted ports at which it does. */
	Fact<List<String>> ready(List<String> wanted) {
		try {
			while (this.call.isRunning() && System.nanoTime() < this.end) {
				List<String> lines = this.call.outSoFar().lines().toList();
				if (lines.contains("ready")) {
					// What the Pi says is compared with what it was asked for, and never
					// passed on.
					return Fact.known(wanted.stream().filter((port) -> lines.contains("listening " + port)).toList());
				}
				TimeUnit.MILLISECONDS.sleep(50);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return Fact.unknown("no test program could be started on it");
	}

	/** The program on the Pi ends with its input. */
	@Override
	public void close() {
		this.call.endInput();
		this.call.close();
	}

}

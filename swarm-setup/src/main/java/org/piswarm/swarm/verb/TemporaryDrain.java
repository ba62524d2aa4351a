package org.piswarm.swarm.verb;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.piswarm.swarm.docker.Node;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.ssh.Ssh;

/**
 * Drains a node while it reboots, and makes it active again in any case.
 *
 * @param ssh the connections
 * @param scout asks
 * @param scene the Swarm
 * @param lock the lock of the Swarm
 */
record TemporaryDrain(Ssh ssh, Scout scout, Scene scene, Lock lock) {

	void during(Pi pi, Node node, Runnable change) {
		this.scene.managers()
			.stream()
			.filter((manager) -> !manager.equals(pi))
			.findFirst()
			.ifPresentOrElse((holder) -> heldBy(holder, node, change), () -> withoutHolder(pi, node, change));
		this.lock.interruptionLeaves("");
	}

	private void heldBy(Pi holder, Node node, Runnable change) {
		this.lock.interruptionLeaves(node.hostname() + " takes tasks again within 20 s");
		try (DrainedNode drained = new DrainedNode(this.ssh, this.scout.progress(), holder, node)) {
			drained.begin();
			change.run();
			drained.end();
		}
	}

	/** A process on the only manager would end with its reboot. */
	private void withoutHolder(Pi pi, Node node, Runnable change) {
		this.lock.interruptionLeaves("if 'swarm status' shows " + node.hostname() + " as drained, run 'swarm activate "
				+ node.hostname() + "'");
		NodeChange availability = new NodeChange(this.scene, this.ssh, this.scout.progress());
		Optional<Failure> failure = attempt(() -> {
			availability.set(node, "drain", this.lock);
			change.run();
		});
		// Also if it is unknown whether it was drained.
		Optional<Failure> second = attempt(() -> {
			if (!this.lock.isHeld()) {
				this.lock.releaseOn(pi);
				this.lock.takeAgainOn(pi);
			}
			availability.set(node, "active", this.lock);
		});
		List<String> texts = Stream.of(failure, second)
			.flatMap(Optional::stream)
			.map((one) -> String.valueOf(one.getMessage()))
			.toList();
		if (!texts.isEmpty()) {
			throw new Failure(String.join("; then ", texts) + (second.isEmpty() ? ""
					: ". It may still be drained: run 'swarm activate " + node.hostname() + "'"));
		}
	}

	private static Optional<Failure> attempt(Runnable change) {
		try {
			change.run();
			return Optional.empty();
		}
		catch (Failure failure) {
			return Optional.of(failure);
		}
	}

}

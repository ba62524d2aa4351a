package org.piswarm.swarm.verb;

import java.time.Duration;

import org.piswarm.swarm.docker.Node;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.ssh.Script;
import org.piswarm.swarm.ssh.Ssh;
import org.piswarm.swarm.terminal.Progress;

/**
 * A node that is drained for some time. A process on a manager makes it active again,
 * also if the connection breaks.
 */
final class DrainedNode implements AutoCloseable {

	/** The limits of the script's commands. */
	private static final Duration DEADLINE = Duration.ofSeconds(150);

	private final Progress progress;

	private final Node node;

	private final HeldCall call;

	/** The ID comes from the manager to which it is sent, and is checked. */
	DrainedNode(Ssh ssh, Progress progress, Pi manager, Node node) {
		this.progress = progress;
		this.node = node;
		this.call = new HeldCall(ssh.start(manager, Script.DRAINED.with(node.id())));
	}

	/** Waits until the node is drained. */
	void begin() {
		String out = answer(1);
		if (!out.equals("drained")) {
			throw new Failure(
					this.node.hostname() + " could not be drained, so it did not reboot: " + (out.startsWith("failed ")
							? out.substring(7) : "the manager did not say what it has done" + this.call.complaint()));
		}
	}

	/** Makes it active. */
	void end() {
		this.call.finish();
		String out = answer(2);
		if (!out.equals("drained\nactive")) {
			String reason = out.replaceFirst("^drained\\s*", "");
			throw new Failure(this.node.hostname() + ": whether it takes tasks again is unknown: "
					+ (reason.isEmpty() ? "no answer" + this.call.complaint() : reason) + ". Run 'swarm activate "
					+ this.node.hostname() + "'");
		}
	}

	private String answer(int lines) {
		String waiting = this.node.hostname() + " (availability)";
		this.progress.begin(waiting);
		String out = this.call.await((text) -> text.endsWith("\n") && text.lines().count() == lines, DEADLINE);
		this.progress.end(waiting);
		return out;
	}

	/**
	 * Without {@link #end}, the connection breaks, and so the node is active again too.
	 */
	@Override
	public void close() {
		this.call.close();
	}

}

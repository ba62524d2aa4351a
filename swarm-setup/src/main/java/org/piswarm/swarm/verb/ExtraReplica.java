package org.piswarm.swarm.verb;

import java.time.Duration;

import org.piswarm.swarm.docker.Service;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.ssh.Script;
import org.piswarm.swarm.ssh.Ssh;
import org.piswarm.swarm.terminal.Progress;

/**
 * One more replica of a service for some time. A process on a manager sets the number of
 * replicas back, also if the connection breaks.
 */
final class ExtraReplica implements AutoCloseable {

	/** The script tries three times, with two questions of at most 25 s. */
	private static final Duration DEADLINE = Duration.ofSeconds(160);

	private final Progress progress;

	private final Pi manager;

	private final Service service;

	private final HeldCall call;

	/** The ID comes from the manager to which it is sent, and is checked. */
	ExtraReplica(Ssh ssh, Progress progress, Pi manager, Service service) {
		this.progress = progress;
		this.manager = manager;
		this.service = service;
		this.call = new HeldCall(ssh.start(manager,
				"set -- " + service.id() + " " + service.replicas() + "\n" + Script.EXTRA_REPLICA.text()));
	}

	/** Waits until the manager has accepted it. */
	void begin() {
		String out = answer(1);
		if (!out.equals("up")) {
			throw failure(out);
		}
	}

	/** Sets the number of replicas back. */
	void end() {
		this.call.finish();
		String out = answer(2);
		if (!out.equals("up\nback")) {
			throw failure(out.replaceFirst("^up\\s*", ""));
		}
	}

	private String answer(int lines) {
		String waiting = this.service.name() + ": " + this.manager.name();
		this.progress.begin(waiting);
		String out = this.call.await((text) -> text.endsWith("\n") && text.lines().count() == lines, DEADLINE);
		this.progress.end(waiting);
		return out;
	}

	private Failure failure(String out) {
		String name = this.service.name();
		int replicas = this.service.replicas();
		if (out.startsWith("changed ")) {
			return new Failure(name + " has " + out.substring(8) + " replicas, which another command has set: "
					+ "wait until that ends, then run this one again");
		}
		return new Failure(name + ": "
				+ (out.startsWith("failed ") ? out.substring(7) : "the manager did not say what it has done")
				+ ". Run 'swarm status': if it does not have " + replicas + " replicas, run 'docker service scale "
				+ name + "=" + replicas + "' on a manager");
	}

	/** Without {@link #end}, the connection breaks, and so the number is set back too. */
	@Override
	public void close() {
		this.call.close();
	}

}

package org.piswarm.swarm.verb;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.ssh.Script;
import org.piswarm.swarm.ssh.Ssh;

/**
 * The lock of the Swarm, on each manager that answers, in the order of the list. A
 * process on each manager holds it. It ends with the connection, or 15 s after the last
 * heartbeat.
 */
final class Lock implements AutoCloseable {

	private static final Duration DEADLINE = Duration.ofSeconds(15);

	private static final String AGAIN = "run it again to finish";

	private final Ssh ssh;

	private final Map<Pi, HeldCall> calls = new LinkedHashMap<>();

	private volatile String advice = AGAIN;

	private final Thread hook = new Thread(() -> System.err.println("swarm: interrupted; " + this.advice));

	private Lock(Ssh ssh) {
		this.ssh = ssh;
		Runtime.getRuntime().addShutdownHook(this.hook);
	}

	static Lock take(Ssh ssh, List<Pi> managers) {
		Lock lock = new Lock(ssh);
		try {
			managers.forEach((manager) -> lock.takeOn(manager, "nothing was changed"));
			return lock;
		}
		catch (RuntimeException ex) {
			lock.close();
			throw ex;
		}
	}

	/** Before a change: another command may have the lock if a connection broke. */
	void requireHeld() {
		requireHeld("nothing was changed");
	}

	/** The same, if something else was done before. */
	void requireHeld(String unchanged) {
		if (!isHeld()) {
			throw new Failure("lost the lock of the Swarm, because a connection to a manager broke, so " + unchanged
					+ ": run it again");
		}
	}

	/** The same for a Pi that has rebooted. */
	synchronized void takeAgainOn(Pi manager) {
		takeOn(manager, "not all is done");
	}

	private synchronized void takeOn(Pi manager, String state) {
		HeldCall call = new HeldCall(this.ssh.start(manager, Script.LOCK.text()));
		this.calls.put(manager, call);
		await(manager, call, state);
	}

	/** Before a manager reboots. Returns whether it had the lock. */
	synchronized boolean releaseOn(Pi manager) {
		HeldCall call = this.calls.remove(manager);
		if (call != null) {
			call.close();
		}
		return call != null;
	}

	private void await(Pi manager, HeldCall call, String state) {
		switch (call.await((out) -> !out.isEmpty(), DEADLINE)) {
			case "mine" -> {
			}
			case "taken" -> throw new Failure(
					"another command changes this Swarm at the moment: wait until it ends, then run this one again");
			default -> throw new Failure(manager.name() + " did not lock the Swarm" + call.complaint() + ": " + state
					+ ". Run 'swarm check', then run this command again");
		}
	}

	/** Whether no connection that holds it has broken. */
	synchronized boolean isHeld() {
		return this.calls.values().stream().allMatch(HeldCall::isRunning);
	}

	/** What an interruption from now on leaves, before the advice to run it again. */
	void interruptionLeaves(String what) {
		this.advice = what.isEmpty() ? AGAIN : what + ", then " + AGAIN;
	}

	/** What an interruption from now on leaves, and what to do. */
	void interruptionSays(String text) {
		this.advice = text;
	}

	@Override
	public void close() {
		try {
			Runtime.getRuntime().removeShutdownHook(this.hook);
		}
		catch (IllegalStateException ex) {
			// It is interrupted.
		}
		this.calls.values().forEach(HeldCall::close);
	}

}

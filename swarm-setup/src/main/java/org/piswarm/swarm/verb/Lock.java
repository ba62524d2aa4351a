package org.piswarm.swarm.verb;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

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

	private final List<HeldCall> calls = new ArrayList<>();

	private volatile String advice = AGAIN;

	private final Thread hook = new Thread(() -> System.err.println("swarm: interrupted; " + this.advice));

	private Lock() {
		Runtime.getRuntime().addShutdownHook(this.hook);
	}

	static Lock take(Ssh ssh, List<Pi> managers) {
		Lock lock = new Lock();
		try {
			for (Pi manager : managers) {
				HeldCall call = new HeldCall(ssh.start(manager, Script.LOCK.text()));
				lock.calls.add(call);
				lock.await(manager, call);
			}
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

	private void await(Pi manager, HeldCall call) {
		switch (call.await((out) -> !out.isEmpty(), DEADLINE)) {
			case "mine" -> {
			}
			case "taken" -> throw new Failure(
					"another command changes this Swarm at the moment: wait until it ends, then run this one again");
			default -> throw new Failure(manager.name() + " did not lock the Swarm" + call.complaint()
					+ ": nothing was changed. Run 'swarm check', then run this command again");
		}
	}

	/** Whether no connection that holds it has broken. */
	boolean isHeld() {
		return this.calls.stream().allMatch(HeldCall::isRunning);
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
		this.calls.forEach(HeldCall::close);
	}

}

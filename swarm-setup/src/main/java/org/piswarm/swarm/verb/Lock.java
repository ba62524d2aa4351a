package org.piswarm.swarm.verb;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.ssh.Call;
import org.piswarm.swarm.ssh.Script;
import org.piswarm.swarm.ssh.Ssh;

/**
 * The lock of the Swarm, on each manager that answers, in the order of the list. A
 * process on each manager holds it. It ends with the connection, or 15 s after the last
 * heartbeat.
 */
final class Lock implements AutoCloseable {

	private static final int HEARTBEAT_SECONDS = 5;

	private static final long DEADLINE_SECONDS = 15;

	private final List<Call> calls = new ArrayList<>();

	private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor((task) -> {
		Thread thread = new Thread(task, "lock");
		thread.setDaemon(true);
		return thread;
	});

	private final Thread hook = new Thread(() -> System.err.println("swarm: interrupted; run it again to finish"));

	private Lock() {
		Runtime.getRuntime().addShutdownHook(this.hook);
	}

	static Lock take(Ssh ssh, List<Pi> managers) {
		Lock lock = new Lock();
		try {
			for (Pi manager : managers) {
				Call call = ssh.start(manager, Script.LOCK.text());
				lock.calls.add(call);
				lock.await(manager, call);
			}
			lock.heart.scheduleAtFixedRate(() -> lock.calls.forEach((call) -> call.send("alive\n")), 0,
					HEARTBEAT_SECONDS, TimeUnit.SECONDS);
			return lock;
		}
		catch (RuntimeException ex) {
			lock.close();
			throw ex;
		}
	}

	/** Before a change: another command may have the lock if a connection broke. */
	void requireHeld() {
		if (!this.calls.stream().allMatch((call) -> call.isRunning())) {
			throw new Failure(
					"lost the lock of the Swarm, because a connection to a manager broke, so nothing was changed: run it again");
		}
	}

	private void await(Pi manager, Call call) {
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
		try {
			while (call.isRunning() && call.outSoFar().isEmpty() && System.nanoTime() < end) {
				TimeUnit.MILLISECONDS.sleep(50);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		switch (call.outSoFar().strip()) {
			case "mine" -> {
			}
			case "taken" -> throw new Failure(
					"another command changes this Swarm at the moment: wait until it ends, then run this one again");
			default -> throw new Failure(manager.name()
					+ " did not lock the Swarm: nothing was changed. Run 'swarm check', then run this command again");
		}
	}

	@Override
	public void close() {
		this.heart.shutdownNow();
		try {
			Runtime.getRuntime().removeShutdownHook(this.hook);
		}
		catch (IllegalStateException ex) {
			// It is interrupted.
		}
		this.calls.forEach(Call::close);
	}

}

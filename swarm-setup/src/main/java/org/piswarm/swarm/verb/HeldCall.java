package org.piswarm.swarm.verb;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import org.piswarm.swarm.ssh.Call;

/**
 * A script on a Pi that goes on while it gets a line every few seconds, and so ends soon
 * after this program or the connection.
 */
final class HeldCall implements AutoCloseable {

	/** The scripts wait 15 s for a line. */
	private static final int HEARTBEAT_SECONDS = 5;

	private final Call call;

	private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor((task) -> {
		Thread thread = new Thread(task, "heartbeat");
		thread.setDaemon(true);
		return thread;
	});

	HeldCall(Call call) {
		this.call = call;
		this.heart.scheduleAtFixedRate(() -> call.send("alive\n"), HEARTBEAT_SECONDS, HEARTBEAT_SECONDS,
				TimeUnit.SECONDS);
	}

	/** Sends a line other than the heartbeat. */
	void say(String line) {
		this.call.send(line + "\n");
	}

	boolean isRunning() {
		return this.call.isRunning();
	}

	/** What it has written when that is enough, when it has ended, or at the deadline. */
	String await(Predicate<String> enough, Duration deadline) {
		long end = System.nanoTime() + deadline.toNanos();
		try {
			while (this.call.isRunning() && !enough.test(this.call.outSoFar()) && System.nanoTime() < end) {
				TimeUnit.MILLISECONDS.sleep(50);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return this.call.outSoFar().strip();
	}

	/** The last line of its standard error, in parentheses; empty if there is none. */
	String complaint() {
		String text = this.call.errSoFar().strip();
		return text.isEmpty() ? "" : " (" + text.substring(text.lastIndexOf('\n') + 1).strip() + ")";
	}

	/** Ends its input, so that it finishes. */
	void finish() {
		this.heart.shutdownNow();
		this.call.endInput();
	}

	@Override
	public void close() {
		this.heart.shutdownNow();
		this.call.close();
	}

}

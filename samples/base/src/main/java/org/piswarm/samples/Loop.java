package org.piswarm.samples;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.SmartLifecycle;

/**
 * Work that is repeated for as long as the service runs, in a thread of its own. It
 * outlives every exception, and it is alive while turns begin, whatever their outcome. It
 * is never interrupted: an interrupt closes the files of an embedded database.
 */
public abstract class Loop implements SmartLifecycle, HealthIndicator {

	private static final Logger logger = LoggerFactory.getLogger(Loop.class);

	private static final Duration PAUSE_AFTER_ERROR = Duration.ofSeconds(5);

	private static final Duration END_LIMIT = Duration.ofSeconds(5);

	private final Semaphore wakeUp = new Semaphore(0);

	private final String name;

	private final Duration stuckAfter;

	private @Nullable Thread thread;

	private volatile boolean running;

	private volatile boolean stopping;

	private volatile long lastTurn = System.nanoTime();

	/**
	 * Creates a loop, which does not run yet.
	 * @param name of the thread
	 * @param stuckAfter longer than the longest turn and its pause
	 */
	protected Loop(String name, Duration stuckAfter) {
		this.name = name;
		this.stuckAfter = stuckAfter;
	}

	/** Works, and returns how long to pause before the next turn. */
	protected abstract Duration turn();

	/** Lets a turn fail that waits for another program, so that the service can end. */
	protected void release() {
	}

	private void run() {
		while (!this.stopping) {
			this.lastTurn = System.nanoTime();
			pause(safeTurn());
		}
	}

	private Duration safeTurn() {
		try {
			return turn();
		}
		catch (RuntimeException ex) {
			if (!this.stopping) {
				logger.error("Error in the service itself", ex);
			}
			return PAUSE_AFTER_ERROR;
		}
	}

	private void pause(Duration pause) {
		try {
			if (!this.stopping) {
				this.wakeUp.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
				this.wakeUp.drainPermits();
			}
		}
		catch (InterruptedException ex) {
			// No other class knows this thread.
		}
	}

	/** Ends the pause: there is work. */
	public void wake() {
		this.wakeUp.release();
	}

	@Override
	public void start() {
		this.running = true;
		Thread started = new Thread(this::run, this.name);
		this.thread = started;
		started.start();
	}

	@Override
	public void stop() {
		this.stopping = true;
		wake();
		release();
		try {
			if (this.thread != null) {
				this.thread.join(END_LIMIT.toMillis());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public Health health() {
		Duration since = Duration.ofNanos(System.nanoTime() - this.lastTurn);
		return ((since.compareTo(this.stuckAfter) < 0) ? Health.up() : Health.down())
			.withDetail("sinceLastTurn", since.toString())
			.build();
	}

}

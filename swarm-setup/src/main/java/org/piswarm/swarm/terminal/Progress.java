package org.piswarm.swarm.terminal;

import java.io.PrintStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Says every 5 s what is waited for, with the seconds since the start. A command that is
 * done earlier prints nothing.
 */
public final class Progress implements AutoCloseable {

	private static final int PERIOD = 5;

	private final long start = System.nanoTime();

	private final Map<String, String> waiting = new TreeMap<>();

	private final PrintStream out;

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor((task) -> {
		Thread thread = new Thread(task, "progress");
		thread.setDaemon(true);
		return thread;
	});

	public Progress(PrintStream out) {
		this.out = out;
		this.timer.scheduleAtFixedRate(this::report, PERIOD, PERIOD, TimeUnit.SECONDS);
	}

	public synchronized void begin(String what) {
		this.waiting.put(what, "");
	}

	/** Says how far it is with what is waited for. */
	public synchronized void detail(String what, String text) {
		this.waiting.replace(what, " (" + text + ")");
	}

	public synchronized void end(String what) {
		this.waiting.remove(what);
	}

	/** Says what has happened. */
	public synchronized void say(String text) {
		this.out.printf("%4d s  %s%n", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - this.start), Text.safe(text));
	}

	/** Says what is worth knowing, and changes nothing. */
	public synchronized void note(String text) {
		this.out.println("        note: " + Text.safe(text));
	}

	private synchronized void report() {
		if (!this.waiting.isEmpty()) {
			say("waiting for " + this.waiting.entrySet()
				.stream()
				.map((entry) -> entry.getKey() + entry.getValue())
				.collect(Collectors.joining(", ")));
		}
	}

	@Override
	public void close() {
		this.timer.shutdownNow();
	}

}

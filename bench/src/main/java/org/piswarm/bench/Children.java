package org.piswarm.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;

/** All processes that this one starts, so that none of them stays when it ends. */
final class Children {

	/**
	 * Each leads a process group of its own: one signal ends it and all that it has
	 * started.
	 */
	private static final Set<Process> groups = ConcurrentHashMap.newKeySet();

	private static boolean stopping;

	private Children() {
	}

	/**
	 * Starts a program in the process group of this one.
	 * @throws CancellationException after Ctrl-C
	 */
	static synchronized Process start(ProcessBuilder builder) throws IOException {
		checkStopping();
		return builder.start();
	}

	/**
	 * Starts a program in a new process group.
	 * @throws CancellationException after Ctrl-C
	 */
	static synchronized Process startGroup(ProcessBuilder builder) throws IOException {
		List<String> command = new ArrayList<>(List.of("setsid"));
		command.addAll(builder.command());
		Process process = start(builder.command(command));
		groups.add(process);
		return process;
	}

	/** Kills a process and all that it has started, and waits for its end. */
	static void killGroup(Process process) {
		if (!groups.remove(process)) {
			return;
		}
		try {
			new ProcessBuilder("kill", "-s", "KILL", "--", "-" + process.pid()).start().waitFor();
			process.waitFor();
		}
		catch (IOException ex) {
			System.err.println("Process group " + process.pid() + " may still run: " + ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** For Ctrl-C and for the end: from now on, no process starts. */
	static synchronized void stopAll() {
		stopping = true;
		groups.forEach(Children::killGroup);
		ProcessHandle.current().descendants().forEach(ProcessHandle::destroy);
	}

	/**
	 * Does nothing until Ctrl-C.
	 * @throws CancellationException after it
	 */
	static synchronized void checkStopping() {
		if (stopping) {
			throw new CancellationException("stopped");
		}
	}

}

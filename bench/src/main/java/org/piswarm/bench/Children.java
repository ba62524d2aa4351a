package org.piswarm.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All processes that this one starts, so that none of them stays when it ends. Each leads
 * a process group of its own: one signal ends it and all that it has started, and Ctrl-C
 * in the terminal ends this process first, which then ends the others.
 */
final class Children {

	private static final Set<Process> servers = ConcurrentHashMap.newKeySet();

	private static boolean stopping;

	private Children() {
	}

	/**
	 * Starts a program that ends by itself.
	 * @throws CancellationException after Ctrl-C
	 */
	static synchronized Process start(ProcessBuilder builder) throws IOException {
		checkStopping();
		List<String> command = new ArrayList<>(List.of("setsid"));
		command.addAll(builder.command());
		return builder.command(command).start();
	}

	/**
	 * Starts a program that {@link #killServer} ends.
	 * @throws CancellationException after Ctrl-C
	 */
	static synchronized Process startServer(ProcessBuilder builder) throws IOException {
		Process process = start(builder);
		servers.add(process);
		return process;
	}

	/** Kills a server and all that it has started, and waits for its end. */
	static void killServer(Process process) {
		if (!servers.remove(process)) {
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
		servers.forEach(Children::killServer);
		// Programs such as apt-get end in order.
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

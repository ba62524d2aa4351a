package org.piswarm.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A cache of the classes of a server's libraries, made as scripts/image/app/train does on
 * a node.
 */
final class ClassCache {

	/** From the start to the first good answer, and from the signal to the end. */
	private static final long SECONDS = 60;

	private ClassCache() {
	}

	/**
	 * Makes a cache.
	 * @param java the program
	 * @param flags the JVM's
	 * @param libraries the class path of the libraries
	 * @param service what follows the flags when the server starts
	 * @return the flags that use it
	 */
	static List<String> make(Path file, String java, List<String> flags, String libraries, Peer peer,
			List<String> service) throws IOException {
		Path list = file.resolveSibling(file.getFileName() + ".list");
		List<String> command = new ArrayList<>(List.of(java, "-XX:DumpLoadedClassList=" + list));
		command.addAll(flags);
		command.addAll(service);
		run(command, peer);
		command = new ArrayList<>(List.of(java, "-Xshare:dump", "-XX:+AOTClassLinking",
				"-XX:SharedClassListFile=" + list, "-XX:SharedArchiveFile=" + file));
		command.addAll(flags);
		command.addAll(List.of("-cp", libraries));
		Programs.output(Map.of(), Path.of("."), command.toArray(String[]::new));
		return List.of("-XX:SharedArchiveFile=" + file, "-XX:+UnlockDiagnosticVMOptions", "-XX:+VerifySharedSpaces");
	}

	/** The JVM has written the whole list only when it has ended by itself. */
	private static void run(List<String> command, Peer peer) throws IOException {
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD);
		builder.environment().putAll(peer.environment());
		Process process = Children.startServer(builder);
		try {
			long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
			while (!Probe.isGood(peer.port())) {
				if (!process.isAlive() || System.nanoTime() > end) {
					Children.checkStopping();
					throw new BenchException("gave no number while its class cache was made");
				}
				Pause.millis(20);
			}
			process.destroy();
			if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
				throw new BenchException("did not end when its class cache was made");
			}
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
		finally {
			Children.killServer(process);
		}
	}

}

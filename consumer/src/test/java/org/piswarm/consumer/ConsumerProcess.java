package org.piswarm.consumer;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The consumer as a user would start it, in a JVM of its own. */
final class ConsumerProcess {

	private ConsumerProcess() {
	}

	/**
	 * Starts it.
	 * @param environment all of its environment, and nothing that the developer has set
	 * @param output where what it prints goes
	 */
	static Process start(Map<String, String> environment, File output) throws IOException {
		ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
				ConsumerApplication.class.getName());
		builder.environment().clear();
		builder.environment().putAll(environment);
		return builder.redirectErrorStream(true).redirectOutput(output).start();
	}

}

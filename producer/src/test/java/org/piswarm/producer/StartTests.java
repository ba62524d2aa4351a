package org.piswarm.producer;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Starts the producer as a user would, in a JVM of its own. */
class StartTests {

	@ParameterizedTest
	@ValueSource(strings = { "", "http", "0", "-1", "65536", "5000.5", "99999999999" })
	void refusesAPortThatIsNone(String port) throws Exception {
		Outcome outcome = start(port);
		assertThat(outcome.exitCode).isEqualTo(1);
		assertThat(outcome.output).isEqualToIgnoringNewLines(
				"PRODUCER_PORT=" + port + " is not allowed: it must be a port from 1 to 65535, such as 5000");
	}

	@Test
	void saysThatThePortIsTaken() throws Exception {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
			Outcome outcome = start(Integer.toString(taken.getLocalPort()));
			assertThat(outcome.exitCode).isEqualTo(1);
			List<String> complaints = outcome.output.lines().filter((line) -> !line.contains(" INFO ")).toList();
			assertThat(complaints).containsExactly("PRODUCER_PORT=" + taken.getLocalPort()
					+ " is taken: stop the program that listens there, or set another port");
		}
	}

	private static Outcome start(String port) throws IOException, InterruptedException {
		File output = Files.createTempFile("start", ".log").toFile();
		output.deleteOnExit();
		Process process = ProducerProcess.start(Map.of("PRODUCER_PORT", port), output);
		try {
			assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("has ended").isTrue();
			return new Outcome(process.exitValue(), Files.readString(output.toPath()));
		}
		finally {
			process.destroyForcibly();
		}
	}

	private record Outcome(int exitCode, String output) {

	}

}

package org.piswarm.consumer;

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
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Starts the consumer as a user would, in a JVM of its own. */
class StartTests {

	@ParameterizedTest
	@CsvSource({ "POLL_INTERVAL, soon", "POLL_INTERVAL, 0s", "POLL_INTERVAL, 1ms", "POLL_INTERVAL, ''",
			"PRODUCER_URL, nowhere", "PRODUCER_URL, ftp://producer/number", "PRODUCER_URL, ''",
			"CONSUMER_PORT, 65536" })
	void endsWithOneLineThatNamesTheVariable(String variable, String value) throws Exception {
		Outcome outcome = start(variable, value);
		assertThat(outcome.exitCode).isEqualTo(1);
		assertThat(outcome.output.lines()).singleElement()
			.asString()
			.startsWith(variable + "=" + value + " is not allowed: it must be ");
	}

	@Test
	void saysThatThePortIsTaken() throws Exception {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
			Outcome outcome = start("CONSUMER_PORT", Integer.toString(taken.getLocalPort()));
			assertThat(outcome.exitCode).isEqualTo(1);
			List<String> complaints = outcome.output.lines().filter((line) -> !line.contains(" INFO ")).toList();
			assertThat(complaints).containsExactly("CONSUMER_PORT=" + taken.getLocalPort()
					+ " is taken: stop the program that listens there, or set another port");
		}
	}

	private static Outcome start(String variable, String value) throws IOException, InterruptedException {
		File output = Files.createTempFile("start", ".log").toFile();
		output.deleteOnExit();
		Process process = ConsumerProcess.start(Map.of(variable, value), output);
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

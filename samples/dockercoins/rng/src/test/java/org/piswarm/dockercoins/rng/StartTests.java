package org.piswarm.dockercoins.rng;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.piswarm.testsupport.JavaProcess;
import org.piswarm.testsupport.TestApplication;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/** Starts that fail, and what they print. The other services do it in the same way. */
@ExtendWith(OutputCaptureExtension.class)
@Tag("slow")
class StartTests {

	@Test
	void endsWithOneLineAndExitCode1() throws Exception {
		try (JavaProcess rng = JavaProcess.start(RngApplication.class.getName(), Map.of("RNG_CONCURRENCY", "many"))) {
			assertThat(rng.awaitExit()).isEqualTo(1);
			assertThat(rng.output().lines().filter((line) -> !line.contains(" INFO ")))
				.containsExactly("RNG_CONCURRENCY=many is not allowed: it must be a whole number");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			--rng.concurrency=0  | RNG_CONCURRENCY=0 is not allowed: it must be from 1 to 64, such as 1
			--rng.concurrency=65 | RNG_CONCURRENCY=65 is not allowed: it must be from 1 to 64, such as 1
			--SERVER_PORT=http   | SERVER_PORT=http is not allowed: it must be a port from 1 to 65535, such as 80
			--SERVER_PORT=0      | SERVER_PORT=0 is not allowed: it must be a port from 1 to 65535, such as 80
			""")
	void refusesAWrongSetting(String argument, String message, CapturedOutput output) {
		refuses(argument, message, output);
	}

	/** Many programs read that variable, and rng has no database. */
	@Test
	void ignoresADatabaseOfAnotherProgram() {
		try (TestApplication rng = new TestApplication(RngApplication.class, "--DATABASE_URL=postgres://host/shop")) {
			assertThat(rng.port()).isPositive();
		}
	}

	@Test
	void reportsAPortThatIsTaken(CapturedOutput output) throws Exception {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
			refuses("--server.port=" + taken.getLocalPort(), "SERVER_PORT=" + taken.getLocalPort()
					+ " is taken: stop the program that listens there, or set another port", output);
		}
	}

	private static void refuses(String argument, String message, CapturedOutput output) {
		assertThatException().isThrownBy(() -> SpringApplication.run(RngApplication.class, argument));
		assertThat(output.getErr().lines()).containsExactly(message);
		assertThat(output.getOut().lines()).allMatch((line) -> line.contains(" INFO "));
	}

}

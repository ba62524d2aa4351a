package org.piswarm.consumer.settings;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.piswarm.consumer.ConsumerApplication;
import org.piswarm.testsupport.JavaProcess;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/** Starts that fail, and what they print. */
@ExtendWith(OutputCaptureExtension.class)
class StartTests {

	@Test
	void endsWithOneLineAndExitCode1ForAWrongVariable() throws Exception {
		try (JavaProcess consumer = JavaProcess.start(ConsumerApplication.class.getName(),
				Map.of("POLL_INTERVAL", "soon"))) {
			assertThat(consumer.awaitExit()).isEqualTo(1);
			assertThat(consumer.output()).isEqualToIgnoringNewLines(
					"POLL_INTERVAL=soon is not allowed: it must be a duration from 500ms to 1h, such as 3s");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
							--POLL_INTERVAL=x       | POLL_INTERVAL=x is not allowed: it must be a duration from 500ms to 1h, such as 3s
							--PRODUCER_URL=nowhere  | PRODUCER_URL=nowhere is not allowed: it must be an http or https URL with a host (no underscore, user or password), such as http://localhost:5000/number
							--PRODUCER_URL=         | PRODUCER_URL= is not allowed: it must be an http or https URL with a host (no underscore, user or password), such as http://localhost:5000/number
							--consumer.read-timeout=0s | CONSUMER_READ_TIMEOUT=0ms is not allowed: it must be a duration of at least 100ms, such as 10s
					--consumer.read-timeout=x | consumer.read-timeout=x is not allowed: it must be a duration, such as 10s
							""")
	void refusesAWrongArgument(String argument, String message, CapturedOutput output) {
		refuses(argument, message, output);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "http", "0", "-1", "65536", "8080.5", "99999999999" })
	void refusesAWrongPort(String port, CapturedOutput output) {
		refuses("--CONSUMER_PORT=" + port,
				"CONSUMER_PORT=" + port + " is not allowed: it must be a port from 1 to 65535, such as 8080", output);
	}

	@Test
	void reportsAPortThatIsTaken(CapturedOutput output) throws Exception {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
			refuses("--CONSUMER_PORT=" + taken.getLocalPort(), "CONSUMER_PORT=" + taken.getLocalPort()
					+ " is taken: stop the program that listens there, or set another port", output);
		}
	}

	private static void refuses(String argument, String message, CapturedOutput output) {
		assertThatException().isThrownBy(() -> SpringApplication.run(ConsumerApplication.class, argument));
		assertThat(output.getErr().lines()).containsExactly(message);
		assertThat(output.getOut().lines()).allMatch((line) -> line.contains(" INFO "));
	}

}

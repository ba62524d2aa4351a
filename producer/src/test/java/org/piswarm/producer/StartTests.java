package org.piswarm.producer;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
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
		fails("PRODUCER_PORT", "http",
				"PRODUCER_PORT=http is not allowed: it must be a port from 1 to 65535, such as 5000");
	}

	/** Spring Boot reads it under another name. */
	@Test
	void namesTheVariableOfALimitAsTheUserWroteIt() throws Exception {
		fails("PRODUCER_DRAIN_PERIOD", "soon",
				"PRODUCER_DRAIN_PERIOD=soon is not allowed: it must be a duration, such as 10s");
	}

	private static void fails(String variable, String value, String message) throws Exception {
		try (JavaProcess producer = JavaProcess.start(ProducerApplication.class.getName(), Map.of(variable, value))) {
			assertThat(producer.awaitExit()).isEqualTo(1);
			assertThat(producer.output().lines().filter((line) -> !line.contains(" INFO "))).containsExactly(message);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "0", "-1", "65536", "5000.5", "99999999999" })
	void refusesAWrongPort(String port, CapturedOutput output) {
		refuses("--PRODUCER_PORT=" + port,
				"PRODUCER_PORT=" + port + " is not allowed: it must be a port from 1 to 65535, such as 5000", output);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
							--producer.max-connections=0    | PRODUCER_MAX_CONNECTIONS=0 is not allowed: it must be at least 1, such as 3000
							--producer.request-timeout=10   | PRODUCER_REQUEST_TIMEOUT=10ms is not allowed: it must be a duration of at least 100ms, such as 10s
					--producer.max-connections=many | producer.max-connections=many is not allowed: it must be a whole number
							""")
	void refusesAWrongLimit(String argument, String message, CapturedOutput output) {
		refuses(argument, message, output);
	}

	@Test
	void reportsAPortThatIsTaken(CapturedOutput output) throws Exception {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
			refuses("--PRODUCER_PORT=" + taken.getLocalPort(), "PRODUCER_PORT=" + taken.getLocalPort()
					+ " is taken: stop the program that listens there, or set another port", output);
		}
	}

	private static void refuses(String argument, String message, CapturedOutput output) {
		assertThatException().isThrownBy(() -> SpringApplication.run(ProducerApplication.class, argument));
		assertThat(output.getErr().lines()).containsExactly(message);
		assertThat(output.getOut().lines()).allMatch((line) -> line.contains(" INFO "));
	}

}

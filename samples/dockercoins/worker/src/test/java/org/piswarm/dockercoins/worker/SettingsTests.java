package org.piswarm.dockercoins.worker;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

@ExtendWith(OutputCaptureExtension.class)
@Isolated("other tests in this JVM must not print")
@Tag("slow")
class SettingsTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					--RNG_URL=rng             | RNG_URL=rng is not allowed: it must be an http URL with a host and without a path, such as http://rng
					--RNG_URL=http://rng/32   | RNG_URL=http://rng/32 is not allowed: it must be an http URL with a host and without a path, such as http://rng
					--HASHER_URL=             | HASHER_URL= is not allowed: it must be an http URL with a host and without a path, such as http://hasher
					--REDIS_URL=redis://:secret@redis:99999 | REDIS_URL=redis://...@redis:99999 is not allowed: it must be a redis URL with a host, such as redis://redis:6379
					--REDIS_URL=http://redis  | REDIS_URL=http://redis is not allowed: it must be a redis URL with a host, such as redis://redis:6379
					""")
	void refusesAWrongAddressInOneLine(String argument, String message, CapturedOutput output) {
		assertThatException()
			.isThrownBy(() -> SpringApplication.run(WorkerApplication.class, "--server.port=0", argument));
		assertThat(output.getErr().lines()).containsExactly(message);
	}

}

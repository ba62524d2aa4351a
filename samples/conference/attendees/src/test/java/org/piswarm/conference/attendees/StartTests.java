package org.piswarm.conference.attendees;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/** Starts that fail, and what they print. */
@ExtendWith(OutputCaptureExtension.class)
@Tag("slow")
class StartTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					--SYNC=both          | SYNC=both is not allowed: it must be push or poll
					--ETAG=yes           | ETAG=yes is not allowed: it must be on or off
					--POLL_INTERVAL=soon | POLL_INTERVAL=soon is not allowed: it must be a duration from 1s to 1h, such as 10s
					--POLL_INTERVAL=999ms | POLL_INTERVAL=999ms is not allowed: it must be a duration from 1s to 1h, such as 10s
					--POLL_INTERVAL=61m  | POLL_INTERVAL=61m is not allowed: it must be a duration from 1s to 1h, such as 10s
					--REDIS_URL=redis    | REDIS_URL=redis is not allowed: it must be a redis URL with a host, such as redis://redis:6379
					--CONFERENCES_URL=http://a/b | CONFERENCES_URL=http://a/b is not allowed: it must be an http URL with a host and without a path, such as http://conferences
					""")
	void refusesAWrongSetting(String argument, String message, CapturedOutput output) {
		assertThatException().isThrownBy(
				() -> SpringApplication.run(AttendeesApplication.class, argument, "--DATABASE_URL=jdbc:h2:mem:start"));
		assertThat(output.getErr().lines()).containsExactly(message);
		assertThat(output.getOut().lines()).allMatch((line) -> line.contains(" INFO "));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					mysql://ada:secret@a/b | DATABASE_URL=mysql://...@a/b is not allowed: it must be a JDBC URL of PostgreSQL or H2, such as jdbc:postgresql://host/database
					jdbc:mysql://a/b?password=secret&x=y | DATABASE_URL=jdbc:mysql://a/b?password=...&x=y is not allowed: it must be a JDBC URL of PostgreSQL or H2, such as jdbc:postgresql://host/database
					""")
	void refusesAnotherKindOfDatabase(String url, String message, CapturedOutput output) {
		assertThatException()
			.isThrownBy(() -> SpringApplication.run(AttendeesApplication.class, "--DATABASE_URL=" + url));
		assertThat(output.getErr().lines()).containsExactly(message);
	}

	@Test
	void saysThatTheDatabaseCannotBeUsed(CapturedOutput output) {
		assertThatException().isThrownBy(() -> SpringApplication.run(AttendeesApplication.class,
				"--DATABASE_URL=jdbc:postgresql://127.0.0.1:1/a", "--spring.flyway.connect-retries=0"));
		assertThat(output.getErr().lines()).singleElement()
			.asString()
			.startsWith("The database cannot be used (")
			.endsWith("): start it, or correct DATABASE_URL, DATABASE_USER and DATABASE_PASSWORD");
	}

}

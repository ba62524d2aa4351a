package org.piswarm.consumer;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SettingsTests {

	@Test
	void haveDefaults() {
		assertThat(Settings.from(Map.<String, String>of()::get))
			.isEqualTo(new Settings(URI.create("http://localhost:5000/number"), Duration.ofSeconds(3), 8080));
	}

	@Test
	void areReadFromTheEnvironment() {
		Map<String, String> environment = Map.of("PRODUCER_URL", "https://pi.local/number", "POLL_INTERVAL", "1m",
				"CONSUMER_PORT", "80");
		assertThat(Settings.from(environment::get))
			.isEqualTo(new Settings(URI.create("https://pi.local/number"), Duration.ofMinutes(1), 80));
	}

	@ParameterizedTest
	@CsvSource({ "500ms, PT0.5S", "3s, PT3S", "PT10S, PT10S", "1h, PT1H" })
	void takeIntervalsInTheirBounds(String value, Duration interval) {
		assertThat(Settings.from(Map.of("POLL_INTERVAL", value)::get).pollInterval()).isEqualTo(interval);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "soon", "0s", "-3s", "1ms", "499ms", "3", "61m", "3 s", "99999999999999d" })
	void refuseOtherIntervals(String value) {
		refuses("POLL_INTERVAL", value, "a duration from 500ms to 1h, such as 3s");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "nowhere", "ftp://producer/number", "http://", "http:///number",
			"producer:5000/number", "http://pi_producer:5000/number", "http://producer:70000/number",
			"http://producer:0/number", "http://a b/" })
	void refuseUrlsThatCannotBePolled(String value) {
		refuses("PRODUCER_URL", value,
				"an http or https URL with a host (no underscore, user or password), such as http://localhost:5000/number");
	}

	@Test
	void neverShowAPassword() {
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> Settings.from(Map.of("PRODUCER_URL", "http://me:secret@producer:5000/number")::get))
			.withMessageStartingWith("PRODUCER_URL=http://***@producer:5000/number is not allowed");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "http", "0", "-1", "65536", "8080.5", "99999999999" })
	void refuseAPortThatIsNone(String value) {
		refuses("CONSUMER_PORT", value, "a port from 1 to 65535, such as 8080");
	}

	@Test
	void complainInOneLine() {
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> Settings.from(Map.of("POLL_INTERVAL", "3s\nsoon")::get))
			.withMessageStartingWith("POLL_INTERVAL=3s?soon is not allowed");
	}

	private static void refuses(String variable, String value, String allowed) {
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> Settings.from(Map.of(variable, value)::get))
			.withMessage(variable + "=" + value + " is not allowed: it must be " + allowed);
	}

}

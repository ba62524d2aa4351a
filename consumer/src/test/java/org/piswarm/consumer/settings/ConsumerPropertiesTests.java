package org.piswarm.consumer.settings;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

class ConsumerPropertiesTests {

	@Test
	void limitConnectionsByDefault() {
		ConsumerProperties defaults = bind(Map.of());
		assertThat(defaults.connectionLife()).isEqualTo(Duration.ofSeconds(60));
		assertThat(defaults.maxConnections()).isGreaterThanOrEqualTo(3000);
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://pi.local/number", "http://10.0.0.7:80" })
	void takeUrls(String value) {
		assertThat(bind(Map.of("producer-url", value)).producerUrl()).isEqualTo(URI.create(value));
	}

	@ParameterizedTest
	@CsvSource({ "500ms, PT0.5S", "3s, PT3S", "PT10S, PT10S", "1h, PT1H" })
	void takeIntervalsInTheirBounds(String value, Duration interval) {
		assertThat(bind(Map.of("poll-interval", value)).pollInterval()).isEqualTo(interval);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "soon", "0s", "-3s", "1ms", "499ms", "3", "61m", "3 s", "99999999999999d" })
	void refuseOtherIntervals(String value) {
		refuses("poll-interval", value,
				"POLL_INTERVAL=" + value + " is not allowed: it must be a duration from 500ms to 1h, such as 3s");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "nowhere", "ftp://producer/number", "http://", "http:///number",
			"producer:5000/number", "http://pi_producer:5000/number", "http://producer:70000/number",
			"http://producer:0/number", "http://a b/" })
	void refuseUrlsThatCannotBePolled(String value) {
		refuses("producer-url", value, "PRODUCER_URL=" + value
				+ " is not allowed: it must be an http or https URL with a host (no underscore, user or password), "
				+ "such as http://localhost:5000/number");
	}

	@Test
	void neverShowAPassword() {
		assertThatException().isThrownBy(() -> bind(Map.of("producer-url", "http://me:secret@producer:5000/number")))
			.havingRootCause()
			.withMessageStartingWith("PRODUCER_URL=http://***@producer:5000/number is not allowed");
	}

	@ParameterizedTest
	@CsvSource({ "max-connections, CONSUMER_MAX_CONNECTIONS", "max-streams, CONSUMER_MAX_STREAMS" })
	void refuseLimitsBelow1(String property, String variable) {
		refuses(property, "0", variable + "=0 is not allowed: it must be at least 1, such as 500");
	}

	@Test
	void reportInOneLine() {
		refuses("poll-interval", "3s\nsoon",
				"POLL_INTERVAL=3s?soon is not allowed: it must be a duration from 500ms to 1h, such as 3s");
	}

	private static void refuses(String property, String value, String message) {
		assertThatException().isThrownBy(() -> bind(Map.of(property, value)))
			.havingRootCause()
			.isInstanceOf(InvalidSettingException.class)
			.withMessage(message);
	}

	private static ConsumerProperties bind(Map<String, String> values) {
		MapConfigurationPropertySource source = new MapConfigurationPropertySource(
				Map.of("consumer.producer-url", "http://localhost:5000/number", "consumer.poll-interval", "3s"));
		values.forEach((name, value) -> source.put("consumer." + name, value));
		return new Binder(source).bindOrCreate("consumer", ConsumerProperties.class);
	}

}

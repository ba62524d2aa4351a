package org.piswarm.consumer;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.convert.DurationStyle;

/**
 * What a user may set by environment variables.
 *
 * @param producerUrl where to fetch the number
 * @param pollInterval from the start of one poll to the start of the next, 500 ms to 1 h
 * @param port the port to serve on, 1 to 65535
 */
record Settings(URI producerUrl, Duration pollInterval, int port) {

	/** A shorter interval would leave the three attempts too little time over Wi-Fi. */
	private static final Duration MIN_INTERVAL = Duration.ofMillis(500);

	private static final Duration MAX_INTERVAL = Duration.ofHours(1);

	/**
	 * Reads the settings.
	 * @param variables looks up an environment variable, {@code null} if it is not set
	 * @throws InvalidSettingException for the first variable whose value is not allowed
	 */
	static Settings from(UnaryOperator<@Nullable String> variables) {
		return new Settings(url(variables.apply("PRODUCER_URL")), interval(variables.apply("POLL_INTERVAL")),
				port(variables.apply("CONSUMER_PORT")));
	}

	private static URI url(@Nullable String value) {
		if (value == null) {
			return URI.create("http://localhost:5000/number");
		}
		try {
			URI url = new URI(value);
			boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
			boolean portInRange = url.getPort() == -1 || isPort(url.getPort());
			if (http && url.getHost() != null && portInRange && url.getUserInfo() == null) {
				return url;
			}
		}
		catch (URISyntaxException ex) {
			// Said below, as for a URL of another kind.
		}
		throw new InvalidSettingException("PRODUCER_URL", value,
				"an http or https URL with a host (no underscore, user or password), such as http://localhost:5000/number");
	}

	private static Duration interval(@Nullable String value) {
		if (value == null) {
			return Duration.ofSeconds(3);
		}
		try {
			Duration interval = DurationStyle.detectAndParse(value);
			if (interval.compareTo(MIN_INTERVAL) >= 0 && interval.compareTo(MAX_INTERVAL) <= 0) {
				return interval;
			}
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			// Said below, as for a duration out of range.
		}
		throw new InvalidSettingException("POLL_INTERVAL", value, "a duration from 500ms to 1h, such as 3s");
	}

	private static int port(@Nullable String value) {
		if (value == null) {
			// The default stands in application.yml too, where Spring reads the same
			// variable.
			return 8080;
		}
		try {
			int port = Integer.parseInt(value);
			if (isPort(port)) {
				return port;
			}
		}
		catch (NumberFormatException ex) {
			// Said below, as for a number out of range.
		}
		throw new InvalidSettingException("CONSUMER_PORT", value, "a port from 1 to 65535, such as 8080");
	}

	private static boolean isPort(int port) {
		return port >= 1 && port <= 65535;
	}

}

package org.piswarm.consumer.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.ConstructorBinding;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationStyle;

/**
 * The consumer's settings and limits. PRODUCER_URL and POLL_INTERVAL are meant to be set
 * by users; few change the others.
 *
 * @param producerUrl where to fetch the number
 * @param pollInterval from the start of one poll to the start of the next, 500 ms to 1 h
 * @param connectionLife how long one connection to the producer is used at most
 * @param requestTimeout from the first byte of a request to the first byte of its answer;
 * a client that sends more slowly is disconnected
 * @param readTimeout a client that reads nothing for this time, or for up to twice as
 * long, while data waits for it, is disconnected
 * @param maxConnections how many clients may be connected at once, at least 1
 * @param maxStreams how many of them may listen to a stream of events, at least 1
 */
@ConfigurationProperties("consumer")
public record ConsumerProperties(URI producerUrl, Duration pollInterval, Duration connectionLife,
		Duration requestTimeout, Duration readTimeout, int maxConnections, int maxStreams) {

	/** A shorter interval would leave the three attempts too little time over Wi-Fi. */
	private static final Duration MIN_INTERVAL = Duration.ofMillis(500);

	private static final Duration MAX_INTERVAL = Duration.ofHours(1);

	private static final Duration MIN_LIMIT = Duration.ofMillis(100);

	/**
	 * Reads the two settings of users from their text, so that a wrong value is reported
	 * as the user wrote it.
	 * @throws InvalidSettingException for the first setting whose value is not allowed
	 */
	@ConstructorBinding
	ConsumerProperties(String producerUrl, String pollInterval, @DefaultValue("60s") Duration connectionLife,
			@DefaultValue("10s") Duration requestTimeout, @DefaultValue("20s") Duration readTimeout,
			@DefaultValue("3000") int maxConnections, @DefaultValue("500") int maxStreams) {
		this(url(producerUrl), interval(pollInterval), positive("CONSUMER_CONNECTION_LIFE", connectionLife),
				positive("CONSUMER_REQUEST_TIMEOUT", requestTimeout), positive("CONSUMER_READ_TIMEOUT", readTimeout),
				positive("CONSUMER_MAX_CONNECTIONS", maxConnections), positive("CONSUMER_MAX_STREAMS", maxStreams));
	}

	private static URI url(String value) {
		try {
			URI url = new URI(value);
			boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
			boolean portInRange = url.getPort() == -1 || (url.getPort() >= 1 && url.getPort() <= 65535);
			if (http && url.getHost() != null && portInRange && url.getUserInfo() == null) {
				return url;
			}
		}
		catch (URISyntaxException ex) {
			// Reported below, like a URL of another kind.
		}
		throw new InvalidSettingException("PRODUCER_URL", value,
				"an http or https URL with a host (no underscore, user or password), such as http://localhost:5000/number");
	}

	private static Duration interval(String value) {
		try {
			Duration interval = DurationStyle.detectAndParse(value);
			if (interval.compareTo(MIN_INTERVAL) >= 0 && interval.compareTo(MAX_INTERVAL) <= 0) {
				return interval;
			}
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			// Reported below, like a duration out of range.
		}
		throw new InvalidSettingException("POLL_INTERVAL", value, "a duration from 500ms to 1h, such as 3s");
	}

	/** A value without a unit is one in milliseconds, and too short by mistake. */
	private static Duration positive(String variable, Duration value) {
		if (value.compareTo(MIN_LIMIT) < 0) {
			throw new InvalidSettingException(variable, value.toMillis() + "ms",
					"a duration of at least 100ms, such as 10s");
		}
		return value;
	}

	private static int positive(String variable, int value) {
		if (value < 1) {
			throw new InvalidSettingException(variable, Integer.toString(value), "at least 1, such as 500");
		}
		return value;
	}

}

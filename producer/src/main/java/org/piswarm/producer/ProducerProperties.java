package org.piswarm.producer;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Limits that few users change.
 *
 * @param requestTimeout from the first byte of a request to the first byte of its answer;
 * a client that sends more slowly is disconnected
 * @param maxConnections how many clients may be connected at once, at least 1
 * @param drainPeriod how long a stopping producer goes on answering, and asks each client
 * to close its connection, before it closes its port
 */
@ConfigurationProperties("producer")
record ProducerProperties(@DefaultValue("10s") Duration requestTimeout, @DefaultValue("3000") int maxConnections,
		@DefaultValue("2s") Duration drainPeriod) {

	private static final Duration MIN_TIMEOUT = Duration.ofMillis(100);

	ProducerProperties {
		if (requestTimeout.compareTo(MIN_TIMEOUT) < 0) {
			// A value without a unit is one in milliseconds, and too short by mistake.
			throw new InvalidSettingException("PRODUCER_REQUEST_TIMEOUT", requestTimeout.toMillis() + "ms",
					"a duration of at least 100ms, such as 10s");
		}
		if (drainPeriod.isNegative()) {
			throw new InvalidSettingException("PRODUCER_DRAIN_PERIOD", drainPeriod.toMillis() + "ms",
					"a duration of 0s or more, such as 2s");
		}
		if (maxConnections < 1) {
			throw new InvalidSettingException("PRODUCER_MAX_CONNECTIONS", Integer.toString(maxConnections),
					"at least 1, such as 3000");
		}
	}

}

package org.piswarm.consumer.settings;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/**
 * Refuses a wrong setting before anything else starts, wherever it was set. Spring Boot,
 * which reads CONSUMER_PORT as the server's port, would accept 0 (any free one) and -1.
 */
class SettingsCheck implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		Binder.get(event.getEnvironment()).bindOrCreate("consumer", ConsumerProperties.class);
		String port = event.getEnvironment().getProperty("CONSUMER_PORT");
		if (!isPort(port)) {
			throw new InvalidSettingException("CONSUMER_PORT", String.valueOf(port),
					"a port from 1 to 65535, such as 8080");
		}
	}

	private static boolean isPort(@Nullable String value) {
		try {
			return value == null || (Integer.parseInt(value) >= 1 && Integer.parseInt(value) <= 65535);
		}
		catch (NumberFormatException ex) {
			return false;
		}
	}

	/** After the listener that loads application.properties. */
	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

}

package org.piswarm.producer;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/**
 * Refuses a wrong PRODUCER_PORT before anything else starts, wherever it was set. Spring
 * Boot, which reads it as the server's port, would accept 0 (any free port) and -1
 * (none).
 */
class SettingsCheck implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		String port = event.getEnvironment().getProperty("PRODUCER_PORT");
		if (!isPort(port)) {
			throw new InvalidSettingException("PRODUCER_PORT", String.valueOf(port),
					"a port from 1 to 65535, such as 5000");
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

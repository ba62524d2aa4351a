package org.piswarm.samples;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;

/**
 * Refuses a wrong SERVER_PORT before anything else starts. Spring Boot would accept 0
 * (any free port) and -1 (none).
 */
class Port implements ApplicationListener<ApplicationEnvironmentPreparedEvent> {

	static final String VARIABLE = "SERVER_PORT";

	static final String ALLOWED = "a port from 1 to 65535, such as 80";

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		String port = event.getEnvironment().getProperty(VARIABLE);
		if (!isPort(port)) {
			throw new InvalidSettingException(VARIABLE, String.valueOf(port), ALLOWED);
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

}

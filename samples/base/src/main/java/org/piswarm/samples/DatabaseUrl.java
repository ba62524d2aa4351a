package org.piswarm.samples;

import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;

/**
 * Refuses a wrong DATABASE_URL before anything else starts. Spring Boot would search a
 * driver for it, and print a stack trace.
 */
class DatabaseUrl implements ApplicationListener<ApplicationEnvironmentPreparedEvent> {

	private static final String VARIABLE = "DATABASE_URL";

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		String url = event.getEnvironment().getProperty(VARIABLE);
		if (url != null && !url.matches("jdbc:(postgresql|h2):.+")) {
			throw new InvalidSettingException(VARIABLE, url,
					"a JDBC URL of PostgreSQL or H2, such as jdbc:postgresql://host/database");
		}
	}

}

package org.piswarm.samples;

import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;

/**
 * Refuses a wrong DATABASE_URL before anything else starts. Spring Boot would search a
 * driver for it, and print a stack trace. A service without a database ignores the
 * variable, which may be set for another program.
 */
class DatabaseUrl implements ApplicationListener<ApplicationEnvironmentPreparedEvent> {

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		String url = event.getEnvironment().getProperty("spring.datasource.url");
		if (url != null && !url.matches("jdbc:(postgresql|h2):.+")) {
			throw new InvalidSettingException("DATABASE_URL", url,
					"a JDBC URL of PostgreSQL or H2, such as jdbc:postgresql://host/database");
		}
	}

}

package org.piswarm.consumer;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

@SpringBootApplication
class ConsumerApplication {

	/**
	 * Starts the consumer; a setting that is wrong ends the start with one line and exit
	 * code 1 before anything else happens.
	 */
	public static void main(String[] args) {
		try {
			Settings.from(System.getenv()::get);
		}
		catch (InvalidSettingException ex) {
			System.err.println(ex.getMessage());
			System.exit(1);
		}
		SpringApplication.run(ConsumerApplication.class, args);
	}

	@Bean
	Settings settings(Environment environment) {
		return Settings.from(environment::getProperty);
	}

}

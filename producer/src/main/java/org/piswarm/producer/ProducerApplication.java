package org.piswarm.producer;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

@SpringBootApplication
@ConfigurationPropertiesScan
class ProducerApplication {

	/**
	 * Starts the producer; a setting that is wrong ends the start with one line and exit
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
		SpringApplication.run(ProducerApplication.class, args);
	}

}

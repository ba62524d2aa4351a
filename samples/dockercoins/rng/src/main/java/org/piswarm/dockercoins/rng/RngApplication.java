package org.piswarm.dockercoins.rng;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

@SpringBootApplication
@ConfigurationPropertiesScan
class RngApplication {

	public static void main(String[] args) {
		SpringApplication.run(RngApplication.class, args);
	}

}

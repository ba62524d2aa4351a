package org.piswarm.dockercoins.hasher;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
class HasherApplication {

	public static void main(String[] args) {
		SpringApplication.run(HasherApplication.class, args);
	}

}

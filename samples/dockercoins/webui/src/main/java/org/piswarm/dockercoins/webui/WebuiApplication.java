package org.piswarm.dockercoins.webui;

import java.net.URI;
import java.time.Clock;

import org.piswarm.samples.Redis;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;

@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
class WebuiApplication {

	public static void main(String[] args) {
		SpringApplication.run(WebuiApplication.class, args);
	}

	@Bean
	Redis redis(Settings settings) {
		return new Redis(settings.redisUrl());
	}

	@Bean
	Clock clock() {
		return Clock.systemUTC();
	}

	/**
	 * Where Redis is.
	 *
	 * @param redisUrl REDIS_URL
	 */
	@ConfigurationProperties("webui")
	record Settings(URI redisUrl) {

		Settings {
			Redis.check("REDIS_URL", redisUrl);
		}

	}

}

package org.piswarm.conference.conferences;

import java.net.URI;
import java.time.Clock;

import org.piswarm.samples.Redis;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.web.reactive.config.BlockingExecutionConfigurer;
import org.springframework.web.reactive.config.WebFluxConfigurer;

@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
class ConferencesApplication {

	public static void main(String[] args) {
		SpringApplication.run(ConferencesApplication.class, args);
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
	 * JDBC blocks. Controllers run in the pool of {@code spring.task.execution}, so that
	 * Netty's threads never wait. Spring Boot does this by itself only with virtual
	 * threads.
	 */
	@Bean
	WebFluxConfigurer blockingControllers(@Qualifier("applicationTaskExecutor") AsyncTaskExecutor pool) {
		return new WebFluxConfigurer() {

			@Override
			public void configureBlockingExecution(BlockingExecutionConfigurer blocking) {
				blocking.setExecutor(pool);
			}

		};
	}

	/**
	 * Where changes are published.
	 *
	 * @param redisUrl REDIS_URL
	 */
	@ConfigurationProperties("conferences")
	record Settings(URI redisUrl) {

		Settings {
			Redis.check("REDIS_URL", redisUrl);
		}

	}

}

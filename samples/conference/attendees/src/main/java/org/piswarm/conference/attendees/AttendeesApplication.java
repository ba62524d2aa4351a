package org.piswarm.conference.attendees;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;

import io.netty.channel.ChannelOption;
import org.jspecify.annotations.Nullable;
import org.piswarm.samples.InvalidSettingException;
import org.piswarm.samples.Redis;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.boot.http.client.autoconfigure.reactive.ClientHttpConnectorBuilderCustomizer;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.reactive.config.BlockingExecutionConfigurer;
import org.springframework.web.reactive.config.WebFluxConfigurer;

@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
class AttendeesApplication {

	private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);

	/** Docker's DNS says 600 s: too long after a service got another address. */
	private static final Duration ADDRESS_LIFE = Duration.ofSeconds(10);

	public static void main(String[] args) {
		SpringApplication.run(AttendeesApplication.class, args);
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
	 * JDBC blocks. What uses it runs in the pool of {@code spring.task.execution}, so
	 * that Netty's threads never wait. Spring Boot does this by itself only with virtual
	 * threads. The page needs no database, so it does not wait for one.
	 */
	@Bean
	WebFluxConfigurer blockingControllers(@Qualifier("applicationTaskExecutor") AsyncTaskExecutor pool) {
		return new WebFluxConfigurer() {

			@Override
			public void configureBlockingExecution(BlockingExecutionConfigurer blocking) {
				blocking.setExecutor(pool)
					.setControllerMethodPredicate((method) -> method.getBeanType() == AttendeeController.class);
			}

		};
	}

	/**
	 * A connection for each request. Swarm distributes connections over the replicas of a
	 * service, so a connection that stays open would reach the same replica forever.
	 */
	@Bean
	ReactorResourceFactory reactorResourceFactory() {
		ReactorResourceFactory factory = new ReactorResourceFactory();
		factory.setUseGlobalResources(false);
		factory.setConnectionProvider(ConnectionProvider.newConnection());
		factory.setShutdownQuietPeriod(Duration.ZERO);
		return factory;
	}

	@Bean
	ClientHttpConnectorBuilderCustomizer<ReactorClientHttpConnectorBuilder> limits() {
		return (builder) -> builder.withHttpClientCustomizer(
				(client) -> client.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT_LIMIT.toMillis())
					// The retries are those of ConferencesClient.
					.disableRetry(true)
					.followRedirect(false)
					.compress(true)
					.resolver((dns) -> dns.cacheMaxTimeToLive(ADDRESS_LIFE)));
	}

	/**
	 * How to stay in step, and with whom.
	 *
	 * @param sync SYNC
	 * @param pollInterval POLL_INTERVAL
	 * @param etag ETAG
	 * @param conferencesUrl CONFERENCES_URL
	 * @param redisUrl REDIS_URL
	 */
	@ConfigurationProperties("attendees")
	record Settings(String sync, String pollInterval, String etag, URI conferencesUrl, URI redisUrl) {

		Settings {
			oneOf("SYNC", sync, "push", "poll");
			oneOf("ETAG", etag, "on", "off");
			interval(pollInterval);
			Redis.check("REDIS_URL", redisUrl);
			if (conferencesUrl == null || !"http".equals(conferencesUrl.getScheme()) || conferencesUrl.getHost() == null
					|| !conferencesUrl.getPath().matches("/?")) {
				throw new InvalidSettingException("CONFERENCES_URL", Objects.toString(conferencesUrl, ""),
						"an http URL with a host and without a path, such as http://conferences");
			}
		}

		boolean isPush() {
			return this.sync.equals("push");
		}

		boolean hasEtag() {
			return this.etag.equals("on");
		}

		Duration interval() {
			return interval(this.pollInterval);
		}

		private static void oneOf(String variable, @Nullable String value, String first, String second) {
			if (!first.equals(value) && !second.equals(value)) {
				throw new InvalidSettingException(variable, String.valueOf(value), first + " or " + second);
			}
		}

		private static Duration interval(@Nullable String value) {
			try {
				Duration interval = DurationStyle.detectAndParse(String.valueOf(value));
				if (interval.compareTo(Duration.ofSeconds(1)) >= 0 && interval.compareTo(Duration.ofHours(1)) <= 0) {
					return interval;
				}
			}
			catch (IllegalArgumentException | ArithmeticException ex) {
				// The same as one out of range.
			}
			throw new InvalidSettingException("POLL_INTERVAL", String.valueOf(value),
					"a duration from 1s to 1h, such as 10s");
		}

	}

}

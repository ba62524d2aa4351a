package org.piswarm.dockercoins.worker;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;

import io.netty.channel.ChannelOption;
import org.jspecify.annotations.Nullable;
import org.piswarm.samples.InvalidSettingException;
import org.piswarm.samples.Redis;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.http.client.autoconfigure.reactive.ClientHttpConnectorBuilderCustomizer;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.http.client.ReactorResourceFactory;

@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
class WorkerApplication {

	private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);

	/** Docker's DNS says 600 s: too long after a service got another address. */
	private static final Duration ADDRESS_LIFE = Duration.ofSeconds(10);

	public static void main(String[] args) {
		SpringApplication.run(WorkerApplication.class, args);
	}

	@Bean
	Redis redis(Settings settings) {
		return new Redis(settings.redisUrl());
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
					// Reactor Netty would silently send a request again.
					.disableRetry(true)
					.followRedirect(false)
					.resolver((dns) -> dns.cacheMaxTimeToLive(ADDRESS_LIFE)));
	}

	/**
	 * Where the other services are.
	 *
	 * @param rngUrl RNG_URL
	 * @param hasherUrl HASHER_URL
	 * @param redisUrl REDIS_URL
	 * @param pauseAfterError only tests make it shorter
	 * @param stuckAfter only tests make it shorter. The time limits of a loop add up to
	 * 47 s: 10 s each for rng, hasher and the pause after a failure, and 4 s each for a
	 * late report, a coin, the failure and one more report
	 */
	@ConfigurationProperties("worker")
	record Settings(URI rngUrl, URI hasherUrl, URI redisUrl, @DefaultValue("10s") Duration pauseAfterError,
			@DefaultValue("60s") Duration stuckAfter) {

		Settings {
			check("RNG_URL", rngUrl, "rng");
			check("HASHER_URL", hasherUrl, "hasher");
			Redis.check("REDIS_URL", redisUrl);
		}

		private static void check(String variable, @Nullable URI url, String service) {
			// An empty path, so that the path of a request can follow.
			if (url == null || !"http".equals(url.getScheme()) || url.getHost() == null
					|| !url.getPath().matches("/?")) {
				throw new InvalidSettingException(variable, Objects.toString(url, ""),
						"an http URL with a host and without a path, such as http://" + service);
			}
		}

	}

}

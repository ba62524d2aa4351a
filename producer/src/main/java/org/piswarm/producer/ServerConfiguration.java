package org.piswarm.producer;

import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;

@Configuration(proxyBeanMethods = false)
class ServerConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(ServerConfiguration.class);

	/**
	 * First, so that a request for a number skips the search through the controllers,
	 * whose order is 0.
	 */
	@Bean
	SimpleUrlHandlerMapping numberMapping(NumberHandler handler) {
		return new SimpleUrlHandlerMapping(Map.of("/number", handler), -1);
	}

	@Bean
	NettyServerCustomizer limits(ProducerProperties properties, MeterRegistry meters) {
		ConnectionLimit connectionLimit = new ConnectionLimit(properties.maxConnections(), meters);
		return (server) -> server.doOnChannelInit((observer, channel, address) -> channel.pipeline()
			.addFirst(connectionLimit, new RequestTimeout(properties.requestTimeout())));
	}

	/**
	 * The channel's class shows whether Netty found its native library
	 * ({@code EpollServerSocketChannel}) or uses Java's own ({@code
	 * NioServerSocketChannel}).
	 */
	@Bean
	NettyServerCustomizer transportLog() {
		return (server) -> server.doOnBound((bound) -> logger.info("Listening on port {} through {}", bound.port(),
				bound.channel().getClass().getSimpleName()));
	}

	/** A generator for each thread: event loops do not wait for one another. */
	@Bean
	RandomGenerator random() {
		return () -> ThreadLocalRandom.current().nextLong();
	}

}

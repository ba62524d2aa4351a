package org.piswarm.producer;

import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ServerConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(ServerConfiguration.class);

	@Bean
	NettyServerCustomizer requestTimeout(ProducerProperties properties) {
		return (server) -> server.doOnChannelInit((observer, channel, address) -> channel.pipeline()
			.addFirst(new RequestTimeout(properties.requestTimeout())));
	}

	/**
	 * The class of the channel tells whether Netty found its native library
	 * ({@code EpollServerSocketChannel}) or fell back ({@code NioServerSocketChannel}).
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

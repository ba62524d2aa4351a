package org.piswarm.consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ServerConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(ServerConfiguration.class);

	/**
	 * The class of the channel tells whether Netty found its native library
	 * ({@code EpollServerSocketChannel}) or fell back ({@code NioServerSocketChannel}).
	 */
	@Bean
	NettyServerCustomizer transportLog() {
		return (server) -> server.doOnBound((bound) -> logger.info("Listening on port {} through {}", bound.port(),
				bound.channel().getClass().getSimpleName()));
	}

}

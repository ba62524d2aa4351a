package org.piswarm.consumer.web;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationPredicate;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import org.jspecify.annotations.Nullable;
import org.piswarm.consumer.settings.ConsumerProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;

@Configuration(proxyBeanMethods = false)
class ServerConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(ServerConfiguration.class);

	/** What waits for a slow client, in the kernel (which doubles it) and in Netty. */
	private static final int SEND_BUFFER = 16 * 1024;

	private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(2 * 1024, 4 * 1024);

	@Bean
	NettyServerCustomizer limits(ConsumerProperties properties, MeterRegistry meters) {
		ConnectionLimit connectionLimit = new ConnectionLimit(properties.maxConnections(), meters);
		return (server) -> server.childOption(ChannelOption.SO_SNDBUF, SEND_BUFFER)
			.childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
			.doOnChannelInit((observer, channel, address) -> channel.pipeline()
				.addFirst(connectionLimit, new RequestTimeout(properties.requestTimeout()),
						new StalledReaderTimeout(properties.readTimeout())));
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

	/**
	 * A stream is one request of hours, which would spoil each average of the requests'
	 * times.
	 */
	@Bean
	ObservationPredicate noObservationOfStreams() {
		return (name, context) -> !(context instanceof ServerRequestObservationContext request
				&& isStream(request.getCarrier()));
	}

	private static boolean isStream(@Nullable ServerHttpRequest request) {
		if (request == null) {
			return false;
		}
		String path = request.getPath().value();
		// A plain text, as a malformed header must not end the request here.
		return path.equals("/api/live") || (path.equals("/api/readings") && request.getHeaders()
			.getOrEmpty(HttpHeaders.ACCEPT)
			.stream()
			.anyMatch((accept) -> accept.contains(MediaType.TEXT_EVENT_STREAM_VALUE)));
	}

}

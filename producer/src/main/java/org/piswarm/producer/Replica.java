package org.piswarm.producer;

import java.net.InetAddress;
import java.net.UnknownHostException;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Puts the replica's name into every answer, so that load balancing can be seen without
 * changing a body: {@code X-Served-By: producer-2@pi3}, the host name of the container
 * and, where stack.yml passes it on, the Swarm node.
 */
@Component
class Replica implements WebFilter {

	static final String HEADER = "X-Served-By";

	private final String name;

	Replica(Environment environment) {
		this.name = name(environment.getProperty("HOSTNAME"), environment.getProperty("NODE_NAME"));
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		exchange.getResponse().getHeaders().set(HEADER, this.name);
		return chain.filter(exchange);
	}

	static String name(@Nullable String host, @Nullable String node) {
		String name = (host != null && !host.isBlank()) ? host : localHostName();
		return (node != null && !node.isBlank()) ? name + "@" + node : name;
	}

	private static String localHostName() {
		try {
			return InetAddress.getLocalHost().getHostName();
		}
		catch (UnknownHostException ex) {
			return "unknown";
		}
	}

}

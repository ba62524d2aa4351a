package org.piswarm.producer;

import java.net.InetAddress;
import java.net.UnknownHostException;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Adds headers to every answer of the application. X-Served-By names the replica, so that
 * load balancing can be seen without a change of the body: {@code producer-2@pi3} is the
 * host name of the container and, where stack.yml passes it on, the Swarm node. The
 * others keep caches from storing a number, and browsers from guessing a type.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class ResponseHeadersFilter implements WebFilter {

	static final String SERVED_BY = "X-Served-By";

	private final String replica;

	ResponseHeadersFilter(Environment environment) {
		this.replica = replica(environment.getProperty("HOSTNAME"), environment.getProperty("NODE_NAME"));
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		HttpHeaders headers = exchange.getResponse().getHeaders();
		headers.set(SERVED_BY, this.replica);
		headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
		headers.set("X-Content-Type-Options", "nosniff");
		return chain.filter(exchange);
	}

	static String replica(@Nullable String host, @Nullable String node) {
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

package org.piswarm.producer;

import java.time.Duration;

import reactor.core.publisher.Mono;

import org.springframework.context.SmartLifecycle;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * The first step of a shutdown that loses no request. On a Swarm, new connections no
 * longer arrive by then: Swarm removes a replica from the service's virtual IP some 2 s
 * before it sends SIGTERM. But clients keep connections open. For a while the producer
 * answers these, and asks each client to close its connection, so that no client sends a
 * request into a connection that the server is about to close. Then the web server closes
 * its port and finishes the requests in flight.
 */
@Component
class Draining implements SmartLifecycle, WebFilter {

	private final Duration period;

	private volatile boolean running;

	private volatile boolean draining;

	Draining(ProducerProperties properties) {
		this.period = properties.drainPeriod();
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		if (this.draining) {
			exchange.getResponse().getHeaders().set(HttpHeaders.CONNECTION, "close");
		}
		return chain.filter(exchange);
	}

	@Override
	public void start() {
		this.draining = false;
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public void stop(Runnable callback) {
		this.draining = true;
		Mono.delay(this.period).doFinally((signal) -> {
			stop();
			callback.run();
		}).subscribe();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/** The highest phase stops first: before the web server's graceful shutdown. */
	@Override
	public int getPhase() {
		return DEFAULT_PHASE;
	}

}

package org.piswarm.consumer.web;

import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Sends the parts of an answer one by one, as the client reads them. By itself, Reactor
 * Netty takes 128 parts at once: a few hundred clients that stop reading a stream or a
 * file would use up the memory.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class PacedResponseFilter implements WebFilter {

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		return chain.filter(exchange.mutate().response(new PacedResponse(exchange.getResponse())).build());
	}

	private static final class PacedResponse extends ServerHttpResponseDecorator {

		PacedResponse(ServerHttpResponse response) {
			super(response);
		}

		@Override
		public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
			// A Mono is one part, and has a Content-Length.
			return super.writeWith((body instanceof Mono) ? body : paced(body));
		}

		@Override
		public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
			return super.writeAndFlushWith(paced(body));
		}

		private <T> Publisher<T> paced(Publisher<? extends T> parts) {
			return new FluxOperator<T, T>(Flux.from(parts)) {

				@Override
				public void subscribe(CoreSubscriber<? super T> client) {
					HttpServerResponse response = ServerHttpResponseDecorator.getNativeResponse(getDelegate());
					response.withConnection(
							(connection) -> this.source.subscribe(new ClientPace<>(client, connection.channel())));
				}

			};
		}

	}

}

package org.piswarm.bench.peer;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** Reactor Netty alone: the server below WebFlux, without Spring. */
public final class ReactorNettyPeer {

	private ReactorNettyPeer() {
	}

	public static void main(String[] args) {
		HttpServer.create()
			.host("127.0.0.1")
			.port(Integer.parseInt(System.getenv("PORT")))
			.route((routes) -> routes.get("/number", ReactorNettyPeer::answer))
			.bindNow()
			.onDispose()
			.block();
	}

	private static Mono<Void> answer(HttpServerRequest request, HttpServerResponse response) {
		byte[] body = "{\"number\":%d}".formatted(ThreadLocalRandom.current().nextInt(1, 181))
			.getBytes(StandardCharsets.US_ASCII);
		return response.header("Content-Type", "application/json")
			.header("Content-Length", Integer.toString(body.length))
			.sendByteArray(Mono.just(body))
			.then();
	}

}

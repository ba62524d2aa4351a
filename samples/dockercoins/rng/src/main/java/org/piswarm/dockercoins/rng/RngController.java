package org.piswarm.dockercoins.rng;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;

import org.piswarm.samples.Host;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Makes random bytes, and takes 100 ms for it. Each request needs a thread for this time,
 * as in a program without asynchronous code. With one thread, no more than 10 requests
 * are answered in a second: this is the bottleneck to find.
 */
@RestController
class RngController implements DisposableBean {

	private static final Duration WORK = Duration.ofMillis(100);

	private static final int MAX_BYTES = 1024 * 1024;

	/**
	 * For each thread: the last one waits for 100 s, which is longer than any client
	 * does.
	 */
	private static final int MAX_WAITING = 1000;

	/**
	 * Reactor Netty takes up to 128 parts of an answer before the client has read any, so
	 * a client that stops reading holds 128 KiB at most.
	 */
	private static final int PART_BYTES = 1024;

	private final SecureRandom random = new SecureRandom();

	private final Scheduler threads;

	RngController(RngSettings settings) {
		this.threads = Schedulers.newBoundedElastic(settings.concurrency(), MAX_WAITING, "rng");
	}

	@GetMapping(path = "/", produces = MediaType.TEXT_PLAIN_VALUE)
	String name() {
		return "rng runs on %s%n".formatted(Host.name());
	}

	@GetMapping("/{count}")
	Mono<Void> bytes(@PathVariable String count, ServerHttpResponse response) {
		int bytes = parse(count);
		return Mono.fromRunnable(RngController::work)
			.subscribeOn(this.threads)
			.onErrorMap(RejectedExecutionException.class,
					(ex) -> new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, "Too many requests wait"))
			.then(Mono.defer(() -> {
				response.getHeaders().setContentType(MediaType.APPLICATION_OCTET_STREAM);
				response.getHeaders().setContentLength(bytes);
				return response.writeWith(parts(bytes, response.bufferFactory()));
			}));
	}

	private static void work() {
		try {
			Thread.sleep(WORK.toMillis());
		}
		catch (InterruptedException ex) {
			// The client has left.
			Thread.currentThread().interrupt();
		}
	}

	private Publisher<DataBuffer> parts(int bytes, DataBufferFactory buffers) {
		return Flux.generate(() -> bytes, (left, sink) -> {
			byte[] part = new byte[Math.min(left, PART_BYTES)];
			this.random.nextBytes(part);
			sink.next(buffers.wrap(part));
			if (left == part.length) {
				sink.complete();
			}
			return left - part.length;
		});
	}

	private static int parse(String count) {
		try {
			int bytes = Integer.parseInt(count);
			if (bytes >= 1 && bytes <= MAX_BYTES) {
				return bytes;
			}
		}
		catch (NumberFormatException ex) {
			// Reported below, like a number out of range.
		}
		throw new ResponseStatusException(HttpStatus.BAD_REQUEST,
				"/%s is not allowed: ask for 1 to %d bytes, such as /32".formatted(count, MAX_BYTES));
	}

	@Override
	public void destroy() {
		this.threads.dispose();
	}

}

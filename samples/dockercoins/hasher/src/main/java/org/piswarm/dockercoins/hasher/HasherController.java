package org.piswarm.dockercoins.hasher;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.TimeoutException;

import org.piswarm.samples.Host;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Hashes, and takes 100 ms for it. No thread waits for this time, so many requests wait
 * at once: compare the rng.
 */
@RestController
class HasherController {

	private static final Duration WORK = Duration.ofMillis(100);

	private static final int MAX_BYTES = 1024 * 1024;

	/** A client that sends its body one byte at a time would keep its connection. */
	private static final Duration BODY_LIMIT = Duration.ofSeconds(3);

	@GetMapping(path = "/", produces = MediaType.TEXT_PLAIN_VALUE)
	String name() {
		return "hasher runs on %s%n".formatted(Host.name());
	}

	@PostMapping(path = "/", produces = MediaType.TEXT_PLAIN_VALUE)
	Mono<String> hash(ServerHttpRequest request) {
		if (request.getHeaders().getContentLength() > MAX_BYTES) {
			throw tooLarge();
		}
		return request.getBody()
			.reduceWith(Body::new, Body::add)
			.timeout(BODY_LIMIT)
			.onErrorMap(TimeoutException.class,
					(ex) -> new ResponseStatusException(HttpStatus.REQUEST_TIMEOUT, "The body did not end in time"))
			.map(Body::hash)
			.delayElement(WORK);
	}

	private static ResponseStatusException tooLarge() {
		return new ResponseStatusException(HttpStatus.CONTENT_TOO_LARGE,
				"The body is too large: send at most %d bytes".formatted(MAX_BYTES));
	}

	/** Keeps the state of the hash, and none of the bytes. */
	private static final class Body {

		private final MessageDigest digest;

		private int bytes;

		Body() {
			try {
				this.digest = MessageDigest.getInstance("SHA-256");
			}
			catch (NoSuchAlgorithmException ex) {
				throw new IllegalStateException(ex);
			}
		}

		Body add(DataBuffer part) {
			try (DataBuffer.ByteBufferIterator buffers = part.readableByteBuffers()) {
				this.bytes += part.readableByteCount();
				buffers.forEachRemaining(this.digest::update);
			}
			finally {
				DataBufferUtils.release(part);
			}
			if (this.bytes > MAX_BYTES) {
				throw tooLarge();
			}
			return this;
		}

		String hash() {
			return HexFormat.of().formatHex(this.digest.digest());
		}

	}

}

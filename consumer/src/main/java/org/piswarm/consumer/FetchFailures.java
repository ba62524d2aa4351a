package org.piswarm.consumer;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLException;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import org.jspecify.annotations.Nullable;
import org.piswarm.consumer.FetchException.Kind;
import reactor.netty.http.client.PrematureCloseException;

import org.springframework.core.io.buffer.DataBufferLimitException;

/** Turns what a network can throw into reasons for people. */
final class FetchFailures {

	private FetchFailures() {
	}

	/**
	 * Describes a failure of one attempt.
	 * @param attemptTimeout the limit that a timeout has run into
	 */
	static FetchException describe(Throwable failure, Duration attemptTimeout) {
		FetchException known = cause(failure, FetchException.class);
		if (known != null) {
			return known;
		}
		if (cause(failure, DataBufferLimitException.class) != null) {
			return invalid("the answer is over 1 KiB");
		}
		if (cause(failure, TimeoutException.class) != null || cause(failure, ConnectTimeoutException.class) != null) {
			return temporary("no answer within " + attemptTimeout.toMillis() + " ms");
		}
		if (cause(failure, UnknownHostException.class) != null) {
			return temporary("unknown host");
		}
		if (cause(failure, PrematureCloseException.class) != null) {
			return temporary("connection closed before the answer was complete");
		}
		ConnectException unconnected = cause(failure, ConnectException.class);
		if (unconnected != null) {
			return temporary(String.valueOf(unconnected.getMessage()).contains("refused") ? "connection refused"
					: "no connection");
		}
		if (cause(failure, SSLException.class) != null) {
			return temporary("no TLS connection");
		}
		// Netty's decoder throws these for a head or a chunk that it cannot read, Spring
		// for a status that is none.
		if (cause(failure, DecoderException.class) != null || cause(failure, IllegalArgumentException.class) != null) {
			return invalid("the answer is not HTTP");
		}
		if (cause(failure, IOException.class) != null) {
			return temporary("connection broken");
		}
		// Not its message, which may be long or hold what the producer sent.
		return temporary("unexpected " + failure.getClass().getName());
	}

	private static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> type) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (type.isInstance(cause)) {
				return type.cast(cause);
			}
		}
		return null;
	}

	private static FetchException invalid(String reason) {
		return new FetchException(Kind.INVALID, reason);
	}

	private static FetchException temporary(String reason) {
		return new FetchException(Kind.TEMPORARY, reason);
	}

}

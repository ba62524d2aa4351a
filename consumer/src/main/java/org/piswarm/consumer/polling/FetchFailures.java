package org.piswarm.consumer.polling;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLException;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import org.jspecify.annotations.Nullable;
import org.piswarm.consumer.polling.FetchException.Kind;
import reactor.netty.http.client.PrematureCloseException;

import org.springframework.core.io.buffer.DataBufferLimitException;

/** Explains the exceptions of a network and of HTTP to people. */
final class FetchFailures {

	private FetchFailures() {
	}

	/**
	 * Explains why one attempt failed.
	 * @param budget the limits of an attempt, for the message of a timeout
	 * @return a {@link FetchException}, or the failure itself if it is not one of the
	 * network or of HTTP: then the consumer has a defect
	 */
	static Throwable explain(Throwable failure, RetryBudget budget) {
		FetchException known = cause(failure, FetchException.class);
		if (known != null) {
			return known;
		}
		if (cause(failure, DataBufferLimitException.class) != null) {
			return invalid("the answer is over 1 KiB");
		}
		if (cause(failure, ConnectTimeoutException.class) != null) {
			return temporary("no connection within " + budget.connectTimeout().toMillis() + " ms");
		}
		if (cause(failure, TimeoutException.class) != null) {
			return temporary("no answer within " + budget.attemptTimeout().toMillis() + " ms");
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
		if (cause(failure, DecoderException.class) != null || isThrownByCodec(failure)) {
			return invalid("the answer is not HTTP");
		}
		if (cause(failure, IOException.class) != null) {
			return temporary("connection broken");
		}
		return failure;
	}

	private static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> type) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (type.isInstance(cause)) {
				return type.cast(cause);
			}
		}
		return null;
	}

	/**
	 * Netty's codec throws an IllegalArgumentException for a version or the size of a
	 * chunk that HTTP does not allow. From any other place it is a defect of the
	 * consumer.
	 */
	private static boolean isThrownByCodec(Throwable failure) {
		IllegalArgumentException illegal = cause(failure, IllegalArgumentException.class);
		return illegal != null && illegal.getStackTrace().length > 0
				&& illegal.getStackTrace()[0].getClassName().startsWith("io.netty.handler.codec.");
	}

	private static FetchException invalid(String reason) {
		return new FetchException(Kind.INVALID, reason);
	}

	private static FetchException temporary(String reason) {
		return new FetchException(Kind.TEMPORARY, reason);
	}

}

package org.piswarm.consumer;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLException;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.TooLongFrameException;
import org.piswarm.consumer.FetchException.Kind;
import reactor.netty.http.client.PrematureCloseException;

import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.web.reactive.function.client.WebClientRequestException;

/** Turns what a network can throw into reasons for people. */
final class FetchFailures {

	private FetchFailures() {
	}

	/**
	 * Describes a failure of one attempt.
	 * @param attemptTimeout the limit that a timeout has run into
	 * @return a {@link FetchException}, or the failure itself where it is a defect of
	 * ours
	 */
	static Throwable describe(Throwable failure, Duration attemptTimeout) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof FetchException) {
				return cause;
			}
			if (cause instanceof DataBufferLimitException) {
				return new FetchException(Kind.INVALID, "the answer is over 1 KiB");
			}
			if (cause instanceof TimeoutException || cause instanceof ConnectTimeoutException) {
				return temporary("no answer within " + attemptTimeout.toMillis() + " ms");
			}
			if (cause instanceof UnknownHostException) {
				return temporary("unknown host");
			}
			if (cause instanceof PrematureCloseException) {
				return temporary("connection closed before the answer was complete");
			}
			if (cause instanceof ConnectException) {
				return temporary("connection refused");
			}
			if (cause instanceof SSLException) {
				return temporary("no TLS connection");
			}
			if (cause instanceof IOException) {
				return temporary("connection broken");
			}
			// How Netty complains about a head that it cannot read.
			if (cause instanceof TooLongFrameException
					|| (failure instanceof WebClientRequestException && cause instanceof IllegalArgumentException)) {
				return new FetchException(Kind.INVALID, "the answer is not HTTP");
			}
		}
		return failure;
	}

	private static FetchException temporary(String reason) {
		return new FetchException(Kind.TEMPORARY, reason);
	}

}

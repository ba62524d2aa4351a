package org.piswarm.samples;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;

import io.netty.channel.ConnectTimeoutException;

/**
 * Another service did not do what it was asked for. The message names the service and the
 * reason in one line, and has no text that the service chose.
 */
public class ServiceFailure extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final boolean perhapsDone;

	/**
	 * Creates a failure.
	 * @param service its name, such as {@code rng}
	 * @param reason why, in a few words
	 * @param perhapsDone whether the service may have done it all the same: then the
	 * request must not be repeated unless twice is the same as once
	 */
	public ServiceFailure(String service, String reason, boolean perhapsDone) {
		super(service + ": " + reason);
		this.perhapsDone = perhapsDone;
	}

	public boolean isPerhapsDone() {
		return this.perhapsDone;
	}

	/** Explains the exceptions of a network in a few words. */
	public static String reason(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof ConnectTimeoutException) {
				return "no connection";
			}
			if (cause instanceof TimeoutException) {
				return "no answer in time";
			}
			if (cause instanceof UnknownHostException) {
				return "unknown host";
			}
			if (cause instanceof ConnectException) {
				return String.valueOf(cause.getMessage()).contains("refused") ? "connection refused" : "no connection";
			}
			if (cause instanceof IOException) {
				return "connection broken";
			}
		}
		return "no usable answer (%s)".formatted(failure.getClass().getSimpleName());
	}

}

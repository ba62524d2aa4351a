package org.piswarm.consumer.polling;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Names one poll in the logs of both services. The consumer sends the ID to the producer
 * as a W3C trace context.
 *
 * @param id 32 hexadecimal digits
 */
record Trace(String id) {

	static Trace random() {
		return new Trace(digits() + digits());
	}

	/**
	 * The value of the header {@code traceparent} for one attempt. Its flags are 00: the
	 * consumer records no trace anywhere.
	 */
	String parent() {
		return "00-%s-%s-00".formatted(this.id, digits());
	}

	/** 16 digits, and never all of them 0, which the standard does not allow. */
	private static String digits() {
		return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE));
	}

}

package org.piswarm.consumer;

import java.time.Instant;

/**
 * A number that was received.
 *
 * @param number 1 to 180
 * @param replica the producer replica that served it, as it named itself;
 * {@code "unknown"} if it did not
 * @param receivedAt when it arrived, by the clock of this machine
 * @param latencyMillis from the start of the poll until then, in milliseconds, failed
 * attempts and the waits between them included
 */
record Reading(int number, String replica, Instant receivedAt, long latencyMillis) {

}

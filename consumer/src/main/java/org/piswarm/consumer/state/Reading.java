package org.piswarm.consumer.state;

import java.time.Instant;

/**
 * A number that the consumer received.
 *
 * @param number 1 to 180
 * @param replica the producer replica that served it, by the name in its answer;
 * {@code "unknown"} without one
 * @param receivedAt when it arrived, by the clock of this machine
 * @param latencyMillis from the start of the poll until then, in milliseconds, failed
 * attempts and the waits between them included
 */
public record Reading(int number, String replica, Instant receivedAt, long latencyMillis) {

}

package org.piswarm.consumer.state;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Keeps track of the producer replicas that answer. Not for several threads. */
final class ReplicaTracker {

	private static final int MAX_REPLICAS = 100;

	/**
	 * The consumer asks one replica for as long as a connection lives, once at least,
	 * then another one; so each has its turn after as many of these as there are
	 * replicas.
	 */
	private final Duration turn;

	/** When each last answered, in nanoseconds; the longest silent comes first. */
	private final Map<String, Long> answered = new LinkedHashMap<>();

	ReplicaTracker(Duration pollInterval, Duration connectionLife) {
		this.turn = (pollInterval.compareTo(connectionLife) > 0) ? pollInterval : connectionLife;
	}

	/**
	 * Records that a replica answered.
	 * @param now in nanoseconds, by a clock that cannot be set
	 * @return whether it is a new one
	 */
	boolean answered(String replica, long now) {
		boolean isNew = this.answered.remove(replica) == null;
		this.answered.put(replica, now);
		return isNew;
	}

	/**
	 * Leaves out a time in which no replica could answer.
	 * @param nanos the length of that time, in nanoseconds
	 */
	void leaveOut(long nanos) {
		this.answered.replaceAll((replica, last) -> last + nanos);
	}

	/**
	 * Forgets the replicas that missed their turn and, if there are too many, those that
	 * have been silent for longest.
	 * @return how long each of them has been silent
	 */
	Map<String, Duration> forgetSilent(long now) {
		Map<String, Duration> forgotten = new LinkedHashMap<>();
		var oldest = this.answered.entrySet().iterator();
		while (oldest.hasNext()) {
			var replica = oldest.next();
			Duration silence = Duration.ofNanos(now - replica.getValue());
			boolean overdue = silence.compareTo(this.turn.multipliedBy(this.answered.size() + 1L)) > 0;
			if (!overdue && this.answered.size() <= MAX_REPLICAS) {
				break;
			}
			forgotten.put(replica.getKey(), silence);
			oldest.remove();
		}
		return forgotten;
	}

}

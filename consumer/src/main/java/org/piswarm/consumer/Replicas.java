package org.piswarm.consumer;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The producer replicas that answer. Not for several threads. */
final class Replicas {

	private static final int MAX_REPLICAS = 100;

	/**
	 * A replica is asked for as long as a connection lives, once at least, then another;
	 * so each has its turn after as many of these as there are replicas.
	 */
	private final Duration turn;

	/** When each was last heard from, in nanoseconds; the longest silent comes first. */
	private final Map<String, Long> heard = new LinkedHashMap<>();

	Replicas(Duration pollInterval) {
		Duration life = ClientConfiguration.CONNECTION_LIFE;
		this.turn = (pollInterval.compareTo(life) > 0) ? pollInterval : life;
	}

	/**
	 * Notes that a replica has answered.
	 * @param now in nanoseconds, by a clock that cannot be set
	 * @return whether it is one more
	 */
	boolean heard(String replica, long now) {
		boolean isNew = this.heard.remove(replica) == null;
		this.heard.put(replica, now);
		return isNew;
	}

	/**
	 * Counts a time as none in which no replica could be heard.
	 * @param nanos how long that was
	 */
	void excuse(long nanos) {
		this.heard.replaceAll((replica, last) -> last + nanos);
	}

	/**
	 * Forgets those that have missed their turn, and the longest silent of too many.
	 * @return how long each of them has been silent
	 */
	Map<String, Duration> forgetSilent(long now) {
		Map<String, Duration> forgotten = new LinkedHashMap<>();
		var oldest = this.heard.entrySet().iterator();
		while (oldest.hasNext()) {
			var replica = oldest.next();
			Duration silence = Duration.ofNanos(now - replica.getValue());
			boolean overdue = silence.compareTo(this.turn.multipliedBy(this.heard.size() + 1L)) > 0;
			if (!overdue && this.heard.size() <= MAX_REPLICAS) {
				break;
			}
			forgotten.put(replica.getKey(), silence);
			oldest.remove();
		}
		return forgotten;
	}

}

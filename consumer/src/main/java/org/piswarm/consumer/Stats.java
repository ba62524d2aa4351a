package org.piswarm.consumer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

import org.springframework.stereotype.Component;

/**
 * Counts since the start. {@code polls} is the sum of {@code received}, {@code failed}
 * and {@code invalid}, plus one while a poll is under way.
 */
@Component
class Stats {

	/**
	 * Replicas come and go for months, each perhaps under a new name; memory does not.
	 */
	private static final int MAX_REPLICAS = 100;

	private long polls;

	private long received;

	private long failed;

	private long invalid;

	private long retried;

	private long skipped;

	private final Map<String, Long> replicas = new LinkedHashMap<>(16, 0.75f, true) {

		private static final long serialVersionUID = 1L;

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
			return size() > MAX_REPLICAS;
		}

	};

	synchronized void polled() {
		this.polls++;
	}

	synchronized void received(String replica) {
		this.received++;
		this.replicas.merge(replica, 1L, Long::sum);
	}

	synchronized void failed() {
		this.failed++;
	}

	synchronized void invalid() {
		this.invalid++;
	}

	synchronized void retried() {
		this.retried++;
	}

	synchronized void skipped() {
		this.skipped++;
	}

	synchronized Snapshot snapshot() {
		return new Snapshot(this.polls, this.received, this.failed, this.invalid, this.retried, this.skipped,
				new TreeMap<>(this.replicas));
	}

	/**
	 * The counts at one moment.
	 *
	 * @param polls polls begun
	 * @param received polls that brought a number
	 * @param failed polls that ended without a whole answer of status 2xx
	 * @param invalid polls whose answer broke the contract
	 * @param retried attempts beyond the first of a poll
	 * @param skipped polls left out since the one before was still under way
	 * @param replicas readings by producer replica, of the 100 heard from last
	 */
	record Snapshot(long polls, long received, long failed, long invalid, long retried, long skipped,
			Map<String, Long> replicas) {

	}

}

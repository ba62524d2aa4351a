package org.piswarm.consumer.state;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

import org.springframework.stereotype.Component;

/**
 * Counts since the start. {@code polls} is the sum of {@code received}, {@code failed},
 * {@code invalid} and {@code errors}, plus one during a poll.
 */
@Component
public class PollCounts {

	/** Replicas may get new names for months; the memory for them is bounded. */
	private static final int MAX_REPLICAS = 100;

	private long polls;

	private long received;

	private long failed;

	private long invalid;

	private long errors;

	private long retried;

	private long skipped;

	private final Map<String, Long> replicas = new LinkedHashMap<>(16, 0.75f, true) {

		private static final long serialVersionUID = 1L;

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
			return size() > MAX_REPLICAS;
		}

	};

	public synchronized void polled() {
		this.polls++;
	}

	public synchronized void received(String replica) {
		this.received++;
		this.replicas.merge(replica, 1L, Long::sum);
	}

	public synchronized void failed() {
		this.failed++;
	}

	public synchronized void invalid() {
		this.invalid++;
	}

	public synchronized void error() {
		this.errors++;
	}

	public synchronized void retried() {
		this.retried++;
	}

	public synchronized void skipped() {
		this.skipped++;
	}

	public synchronized Snapshot snapshot() {
		return new Snapshot(this.polls, this.received, this.failed, this.invalid, this.errors, this.retried,
				this.skipped, new TreeMap<>(this.replicas));
	}

	/**
	 * The counts at one moment.
	 *
	 * @param polls polls that have started
	 * @param received polls that brought a number
	 * @param failed polls that ended without a whole answer of status 2xx
	 * @param invalid polls whose answer broke the contract
	 * @param errors polls in which the consumer itself failed; its log has the reason
	 * @param retried attempts after the first of a poll
	 * @param skipped polls that were left out because the one before was not over
	 * @param replicas readings by producer replica, of the 100 that answered last
	 */
	public record Snapshot(long polls, long received, long failed, long invalid, long errors, long retried,
			long skipped, Map<String, Long> replicas) {

	}

}

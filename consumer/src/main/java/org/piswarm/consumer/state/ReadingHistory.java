package org.piswarm.consumer.state;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/** The readings of the last hour (at the usual pace), and the age of the latest. */
@Component
public class ReadingHistory {

	/** Of some 100 bytes each. */
	public static final int CAPACITY = 1200;

	private final Journal<Reading> journal = new Journal<>(CAPACITY);

	private volatile @Nullable Entry latest;

	public void add(Reading reading) {
		this.latest = new Entry(reading, System.nanoTime());
		this.journal.add(reading);
	}

	/** Empty before the first reading. */
	public Optional<Aged> latest() {
		return Optional.ofNullable(this.latest).map(Entry::aged);
	}

	/** The newest readings, oldest of them first. */
	public List<Reading> newest(int count) {
		return this.journal.cursorOfNewest(count).read().stream().map(Journal.Entry::value).toList();
	}

	public Journal<Reading> journal() {
		return this.journal;
	}

	/**
	 * A reading and its age.
	 *
	 * @param age counted by a clock that cannot be set: a Pi's own may jump by years when
	 * it finds a time server
	 */
	public record Aged(Reading reading, Duration age) {

	}

	private record Entry(Reading reading, long nanos) {

		Aged aged() {
			return new Aged(this.reading, Duration.ofNanos(System.nanoTime() - this.nanos));
		}

	}

}

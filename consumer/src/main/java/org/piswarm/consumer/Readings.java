package org.piswarm.consumer;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.stereotype.Component;

/** The readings of the last hour (at the usual pace), and those to come. */
@Component
class Readings {

	/** Of some 100 bytes each. */
	static final int CAPACITY = 1200;

	private static final Pattern ID = Pattern.compile("([0-9a-f]{8})-([0-9]{1,18})");

	private final Journal<Reading> journal = new Journal<>(CAPACITY);

	/** Tells this run's numbers from those of one before a restart. */
	private final String run = UUID.randomUUID().toString().substring(0, 8);

	private final Changes changes;

	private volatile @Nullable Entry latest;

	Readings(Changes changes) {
		this.changes = changes;
	}

	void add(Reading reading) {
		this.latest = new Entry(reading, System.nanoTime());
		this.journal.add(reading);
		this.changes.announce();
	}

	/** Empty before the first reading. */
	Optional<Aged> latest() {
		return Optional.ofNullable(this.latest).map(Entry::aged);
	}

	/** The newest ones, oldest of them first. */
	List<Reading> newest(int count) {
		return this.journal.cursorOfNewest(count).read().stream().map(Journal.Entry::value).toList();
	}

	Journal<Reading>.Cursor cursorOfNewest(int count) {
		return this.journal.cursorOfNewest(count);
	}

	/**
	 * What a listener missed who was here before.
	 * @param id of the last reading that it got; one of another run of this application
	 * stands for none
	 * @return empty if there never was such an ID
	 */
	Optional<Journal<Reading>.Cursor> cursorAfter(String id) {
		Matcher matcher = ID.matcher(id);
		if (!matcher.matches()) {
			return Optional.empty();
		}
		boolean ours = matcher.group(1).equals(this.run);
		return Optional.of(this.journal.cursor(ours ? Long.parseLong(matcher.group(2)) : 0));
	}

	/**
	 * What a cursor has before it, then each new one; ends when the application does. A
	 * listener that does not keep up for an hour misses some, and nobody waits for it.
	 */
	Flux<Journal.Entry<Reading>> feed(Journal<Reading>.Cursor cursor) {
		return this.changes.signals().concatMapIterable((signal) -> cursor.read(), 1);
	}

	/** Another one after each start. */
	String run() {
		return this.run;
	}

	/** A name for a journal's entry which no other of it has, whoever ran before. */
	String id(Journal.Entry<?> entry) {
		return this.run + "-" + entry.number();
	}

	/**
	 * A reading and how long ago it came.
	 *
	 * @param age counted by a clock that cannot be set: a Pi's own may jump by years when
	 * it finds a time server
	 */
	record Aged(Reading reading, Duration age) {

	}

	private record Entry(Reading reading, long nanos) {

		Aged aged() {
			return new Aged(this.reading, Duration.ofNanos(System.nanoTime() - this.nanos));
		}

	}

}

package org.piswarm.consumer.state;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The newest entries of a sequence, numbered from 1. A reader may be late or slow, or
 * stop: it only remembers the number of the last entry that it read, and the journal
 * keeps nothing for it.
 */
public final class Journal<T> {

	private final Deque<Entry<T>> entries = new ArrayDeque<>();

	private final int capacity;

	private long last;

	/**
	 * An empty journal.
	 * @param capacity how many entries are kept; older ones are dropped
	 */
	Journal(int capacity) {
		this.capacity = capacity;
	}

	synchronized void add(T value) {
		if (this.entries.size() == this.capacity) {
			this.entries.removeFirst();
		}
		this.entries.addLast(new Entry<>(++this.last, value));
	}

	/** The number of the newest entry, 0 if there was none. */
	synchronized long last() {
		return this.last;
	}

	/** The entries with a higher number that are still kept, oldest first. */
	synchronized List<Entry<T>> after(long number) {
		Deque<Entry<T>> newer = new ArrayDeque<>();
		var backwards = this.entries.descendingIterator();
		while (backwards.hasNext()) {
			Entry<T> entry = backwards.next();
			if (entry.number() <= number) {
				break;
			}
			newer.addFirst(entry);
		}
		return List.copyOf(newer);
	}

	/** A cursor that first reads what came after an entry. */
	public Cursor cursor(long after) {
		return new Cursor(Math.min(after, last()));
	}

	/** A cursor that first reads the newest entries. */
	public Cursor cursorOfNewest(int count) {
		return new Cursor(Math.max(0, last() - count));
	}

	/**
	 * An entry and its number.
	 *
	 * @param number one more than that of the entry before
	 */
	public record Entry<T>(long number, T value) {

	}

	/**
	 * A place in the journal, from which one reader goes on. Not for several threads.
	 */
	public final class Cursor {

		private long number;

		private Cursor(long number) {
			this.number = number;
		}

		/** The number of the last entry that was read or left out. */
		public long number() {
			return this.number;
		}

		/** What came since the last call, as far as it is kept; oldest first. */
		public List<Entry<T>> read() {
			List<Entry<T>> entries = after(this.number);
			if (!entries.isEmpty()) {
				this.number = entries.get(entries.size() - 1).number();
			}
			return entries;
		}

	}

}

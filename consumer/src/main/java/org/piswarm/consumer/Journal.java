package org.piswarm.consumer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The last entries of something, numbered from 1, for readers who come late, are slow or
 * leave: each keeps a number of its own, and nothing is kept for it.
 */
final class Journal<T> {

	private final Deque<Entry<T>> entries = new ArrayDeque<>();

	private final int capacity;

	private long last;

	/**
	 * An empty journal.
	 * @param capacity how many entries are kept; older ones are forgotten
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

	/** Those that are kept of the entries with a higher number, oldest first. */
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

	/**
	 * An entry and its number.
	 *
	 * @param number one more than that of the entry before
	 */
	record Entry<T>(long number, T value) {

	}

	/**
	 * A place in a journal, from which a reader goes on. Not for several threads.
	 */
	final class Cursor {

		private long number;

		private Cursor(long number) {
			this.number = number;
		}

		/** What came since the last call, as far as it is kept; oldest first. */
		List<Entry<T>> read() {
			List<Entry<T>> entries = after(this.number);
			if (!entries.isEmpty()) {
				this.number = entries.get(entries.size() - 1).number();
			}
			return entries;
		}

	}

	/** A cursor that first reads what came after an entry. */
	Cursor cursor(long after) {
		return new Cursor(Math.min(after, last()));
	}

	/** A cursor that first reads the newest entries. */
	Cursor cursorOfNewest(int count) {
		return new Cursor(last() - count);
	}

}

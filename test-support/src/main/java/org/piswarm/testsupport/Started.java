package org.piswarm.testsupport;

import java.util.ArrayDeque;
import java.util.Deque;

/** What a test has started. The last one is closed first. */
public final class Started implements AutoCloseable {

	private final Deque<AutoCloseable> all = new ArrayDeque<>();

	public <T extends AutoCloseable> T add(T closeable) {
		this.all.addLast(closeable);
		return closeable;
	}

	/** Closes all, also if some of them fail, and then fails itself. */
	@Override
	public void close() throws Exception {
		AutoCloseable first = this.all.pollFirst();
		if (first != null) {
			try (first) {
				close();
			}
		}
	}

}

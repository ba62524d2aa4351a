package org.piswarm.bench;

/**
 * Memory of a process or of several ones.
 *
 * @param rssKib resident memory, which includes pages of files such as libraries
 * @param anonymousKib the part of it that no file backs: heap, stacks, JIT's code
 */
record Memory(long rssKib, long anonymousKib) {

	static final Memory NONE = new Memory(0, 0);

	Memory plus(Memory other) {
		return new Memory(this.rssKib + other.rssKib, this.anonymousKib + other.anonymousKib);
	}

	Memory max(Memory other) {
		return (other.rssKib > this.rssKib) ? other : this;
	}

}

package org.piswarm.bench;

/**
 * Memory of a server.
 *
 * @param kib what it holds: as a control group counts it, less the pages of files that
 * nothing has used recently; without a control group, the resident memory of all its
 * processes
 * @param anonymousKib the part of it that no file backs: heap, stacks, JIT's code
 */
record Memory(long kib, long anonymousKib) {

	static final Memory NONE = new Memory(0, 0);

	Memory plus(Memory other) {
		return new Memory(this.kib + other.kib, this.anonymousKib + other.anonymousKib);
	}

	Memory max(Memory other) {
		return (other.kib > this.kib) ? other : this;
	}

}

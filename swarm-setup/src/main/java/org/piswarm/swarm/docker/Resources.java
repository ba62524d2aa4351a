package org.piswarm.swarm.docker;

/**
 * Processor time and memory: what a node has, or what a task reserves.
 *
 * @param nanoCpus billionths of a processor
 * @param memory bytes
 */
public record Resources(long nanoCpus, long memory) {

	static Resources from(Json json) {
		return new Resources(json.amount("NanoCPUs"), json.amount("MemoryBytes"));
	}

	public Resources minus(Resources other, int times) {
		return new Resources(this.nanoCpus - other.nanoCpus * times, this.memory - other.memory * times);
	}

	/** Whether these are enough. Of what is not reserved, nothing is needed. */
	public boolean cover(Resources reserved) {
		return (reserved.nanoCpus == 0 || reserved.nanoCpus <= this.nanoCpus)
				&& (reserved.memory == 0 || reserved.memory <= this.memory);
	}

}

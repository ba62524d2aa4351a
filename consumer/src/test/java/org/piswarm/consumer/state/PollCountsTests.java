package org.piswarm.consumer.state;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PollCountsTests {

	private final PollCounts counts = new PollCounts();

	@Test
	void countsReadingsByReplica() {
		this.counts.received("producer-1@pi1");
		this.counts.received("producer-2@pi2");
		this.counts.received("producer-1@pi1");
		assertThat(this.counts.snapshot().received()).isEqualTo(3);
		assertThat(this.counts.snapshot().replicas()).containsEntry("producer-1@pi1", 2L)
			.containsEntry("producer-2@pi2", 1L)
			.hasSize(2);
	}

	@Test
	void forgetsTheReplicasThatHaveBeenSilentForLongest() {
		this.counts.received("first");
		for (int i = 1; i < 100; i++) {
			this.counts.received("replica-" + i);
		}
		this.counts.received("first");
		this.counts.received("one-too-many");
		assertThat(this.counts.snapshot().replicas()).hasSize(100)
			.containsEntry("first", 2L)
			.containsKey("one-too-many")
			.doesNotContainKey("replica-1");
	}

}

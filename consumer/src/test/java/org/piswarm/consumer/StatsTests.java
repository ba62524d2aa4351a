package org.piswarm.consumer;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StatsTests {

	private final Stats stats = new Stats();

	@Test
	void countsReadingsByReplica() {
		this.stats.received("producer-1@pi1");
		this.stats.received("producer-2@pi2");
		this.stats.received("producer-1@pi1");
		assertThat(this.stats.snapshot().received()).isEqualTo(3);
		assertThat(this.stats.snapshot().replicas()).containsEntry("producer-1@pi1", 2L)
			.containsEntry("producer-2@pi2", 1L)
			.hasSize(2);
	}

	@Test
	void forgetsReplicasNotHeardFromForLong() {
		this.stats.received("first");
		for (int i = 1; i < 100; i++) {
			this.stats.received("replica-" + i);
		}
		this.stats.received("first");
		this.stats.received("one-too-many");
		assertThat(this.stats.snapshot().replicas()).hasSize(100)
			.containsEntry("first", 2L)
			.containsKey("one-too-many")
			.doesNotContainKey("replica-1");
	}

}

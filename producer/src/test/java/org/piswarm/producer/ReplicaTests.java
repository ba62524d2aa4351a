package org.piswarm.producer;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReplicaTests {

	@Test
	void namesContainerAndNode() {
		assertThat(Replica.name("producer-2", "pi3")).isEqualTo("producer-2@pi3");
	}

	@Test
	void namesTheContainerAloneOutsideASwarm() {
		assertThat(Replica.name("producer-2", null)).isEqualTo("producer-2");
		assertThat(Replica.name("producer-2", "")).isEqualTo("producer-2");
	}

	@Test
	void namesThisMachineOutsideAContainer() {
		assertThat(Replica.name(null, null)).isNotBlank();
	}

}

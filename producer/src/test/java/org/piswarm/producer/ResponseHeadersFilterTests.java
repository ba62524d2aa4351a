package org.piswarm.producer;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ResponseHeadersFilterTests {

	@Test
	void namesContainerAndNode() {
		assertThat(ResponseHeadersFilter.replica("producer-2", "pi3")).isEqualTo("producer-2@pi3");
	}

	@Test
	void namesTheContainerAloneOutsideASwarm() {
		assertThat(ResponseHeadersFilter.replica("producer-2", null)).isEqualTo("producer-2");
		assertThat(ResponseHeadersFilter.replica("producer-2", "")).isEqualTo("producer-2");
	}

	@Test
	void namesThisMachineOutsideAContainer() {
		assertThat(ResponseHeadersFilter.replica(null, null)).isNotBlank();
	}

}

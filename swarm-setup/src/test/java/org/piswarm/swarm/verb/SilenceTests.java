package org.piswarm.swarm.verb;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SilenceTests {

	@Test
	void endsOnlyWhatMakesNoProgress() {
		Silence silence = new Silence(0);
		assertThat(silence.isTooLong(300, 0)).isFalse();
		assertThat(silence.isTooLong(301, 1)).isFalse();
		assertThat(silence.isTooLong(601, 1)).isFalse();
		assertThat(silence.isTooLong(602, 1)).isTrue();
	}

}

package org.piswarm.bench;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ConsumersPhaseTests {

	@ParameterizedTest
	@ValueSource(ints = { 500, 999, 7_777, 16_000, 24_999 })
	void findsTheLargestNumberWithinATenth(int limit) {
		int found = ConsumersPhase.search(500, 25_000, (consumers) -> consumers <= limit);
		assertThat(found).isLessThanOrEqualTo(limit).isGreaterThan(limit * 9 / 10 - 1);
	}

	@Test
	void endsAtTheMostAndAtNone() {
		assertThat(ConsumersPhase.search(500, 25_000, (consumers) -> true)).isEqualTo(25_000);
		assertThat(ConsumersPhase.search(500, 25_000, (consumers) -> false)).isZero();
	}

}

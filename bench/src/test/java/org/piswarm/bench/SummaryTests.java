package org.piswarm.bench;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SummaryTests {

	@Test
	void comparesRoundByRound() {
		// The machine was twice as slow in the second round, for both.
		assertThat(Summary.ofRatios(List.of(300.0, 150.0, 300.0), List.of(200.0, 100.0, 100.0)))
			.isEqualTo(new Summary(3, 1.5, 1.5, 3));
	}

	@Test
	void takesTheMiddleOfAnEvenNumber() {
		assertThat(Summary.of(List.of(4.0, 1.0, 3.0, 2.0))).isEqualTo(new Summary(4, 2.5, 1, 4));
	}

	@Test
	void needsNoMoreRoundsWhenTheValuesHardlyDiffer() {
		assertThat(Summary.of(List.of(100.0, 102.0, 104.0)).isSettled(0.04, 3)).isTrue();
		assertThat(Summary.of(List.of(100.0, 102.0, 105.0)).isSettled(0.04, 3)).isFalse();
		assertThat(Summary.of(List.of(100.0, 100.0)).isSettled(0.04, 3)).isFalse();
		assertThat(Summary.of(List.of(0.0, 0.0, 0.0)).isSettled(0.04, 3)).isFalse();
	}

	@Test
	void showsThreeDigits() {
		assertThat(Summary.of(List.of(12_345.6, 98.76, 0.1234))).hasToString("98.8 (0.123–12,346)");
		assertThat(Summary.of(List.of())).hasToString("–");
	}

}

package org.piswarm.producer;

import java.util.Random;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class NumberHandlerTests {

	@Test
	void everyNumberFrom1To180IsEquallyLikely() {
		int draws = 180_000;
		NumberHandler handler = new NumberHandler(new Random(1), new SimpleMeterRegistry());
		int[] counts = new int[181];
		for (int i = 0; i < draws; i++) {
			counts[handler.number()]++;
		}
		assertThat(counts[0]).isZero();
		double chiSquare = 0;
		double expected = draws / 180.0;
		for (int number = 1; number <= 180; number++) {
			chiSquare += Math.pow(counts[number] - expected, 2) / expected;
		}
		// 179 degrees of freedom: a fair generator exceeds 300 once in ten million runs,
		// and a single number drawn twice as often as the others adds 1000.
		assertThat(chiSquare).isLessThan(300);
	}

}

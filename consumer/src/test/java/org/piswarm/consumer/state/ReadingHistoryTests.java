package org.piswarm.consumer.state;

import java.time.Instant;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReadingHistoryTests {

	private final ReadingHistory readings = new ReadingHistory();

	@Test
	void listsTheNewestOldestFirst() {
		assertThat(this.readings.newest(2)).isEmpty();
		IntStream.rangeClosed(1, 5).forEach(this::add);
		assertThat(this.readings.newest(2)).extracting(Reading::latencyMillis).containsExactly(4L, 5L);
		assertThat(this.readings.newest(100)).hasSize(5);
	}

	@Test
	void keepsABoundedNumber() {
		IntStream.rangeClosed(1, 100 + ReadingHistory.CAPACITY).forEach(this::add);
		assertThat(this.readings.newest(10_000)).hasSize(ReadingHistory.CAPACITY)
			.first()
			.extracting(Reading::latencyMillis)
			.isEqualTo(101L);
	}

	private void add(int latency) {
		this.readings.add(new Reading(1, "producer-1", Instant.now(), latency));
	}

}

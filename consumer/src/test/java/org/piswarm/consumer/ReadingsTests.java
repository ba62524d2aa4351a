package org.piswarm.consumer;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

/** What listeners get who do not keep up, and what is kept for them: nothing. */
class ReadingsTests {

	private final Changes changes = new Changes();

	private final Readings readings = new Readings(this.changes);

	@Test
	void whoReadsAgainAfterALongWhileGetsWhatIsKeptAndNoMore() {
		int missed = 100;
		List<Long> kept = IntStream.rangeClosed(missed + 1, missed + Readings.CAPACITY)
			.mapToObj(Long::valueOf)
			.toList();
		StepVerifier
			.create(this.readings.feed(this.readings.cursorOfNewest(1)).map((entry) -> entry.value().latencyMillis()),
					0)
			.expectSubscription()
			.then(() -> IntStream.rangeClosed(1, missed + Readings.CAPACITY).forEach(this::add))
			.thenRequest(Long.MAX_VALUE)
			// What was at hand when it stopped reading.
			.expectNext(1L)
			.expectNextSequence(kept)
			.then(() -> add(5000))
			.expectNext(5000L)
			.thenCancel()
			.verify(Duration.ofSeconds(20));
	}

	@Test
	void changesDoNotPileUpForWhoDoesNotLook() {
		StepVerifier.create(this.changes.signals(), 0)
			.expectSubscription()
			.then(() -> IntStream.range(0, 1000).forEach((i) -> this.changes.announce()))
			.thenRequest(Long.MAX_VALUE)
			.expectNext(true)
			.then(this.changes::close)
			.verifyComplete();
	}

	@Test
	void theNewestComeOldestFirst() {
		IntStream.rangeClosed(1, 5).forEach(this::add);
		assertThat(this.readings.newest(2)).extracting(Reading::latencyMillis).containsExactly(4L, 5L);
		assertThat(this.readings.newest(100)).hasSize(5);
	}

	private void add(int i) {
		this.readings.add(new Reading(1, "producer-1", Instant.now(), i));
	}

}

package org.piswarm.consumer.polling;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class RetryBudgetTests {

	@ParameterizedTest
	@ValueSource(longs = { 500, 501, 777, 1000, 2999, 3000, 3001, 60_000, 3_600_000 })
	void isSpentBeforeTheNextPollIsDue(long interval) {
		RetryBudget budget = RetryBudget.within(Duration.ofMillis(interval));
		assertThat(budget.worstCase()).isLessThan(Duration.ofMillis(interval));
	}

	@Test
	void isFullFromThreeSecondsOn() {
		RetryBudget full = new RetryBudget(Duration.ofMillis(700), Duration.ofMillis(150));
		assertThat(RetryBudget.within(Duration.ofSeconds(3))).isEqualTo(full);
		assertThat(RetryBudget.within(Duration.ofHours(1))).isEqualTo(full);
		assertThat(full.worstCase()).isEqualTo(Duration.ofMillis(2775));
	}

}

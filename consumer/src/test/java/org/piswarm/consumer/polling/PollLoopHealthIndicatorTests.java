package org.piswarm.consumer.polling;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import org.springframework.boot.health.contributor.Status;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

class PollLoopHealthIndicatorTests {

	private final Poller poller = new TestPoller(WebClient.create(), "http://producer/number", Duration.ofHours(1))
		.poller();

	@Test
	void isUpWhileTheLoopStartsPolls() {
		assertThat(new PollLoopHealthIndicator(this.poller, Duration.ofHours(1)).health().getStatus())
			.isEqualTo(Status.UP);
	}

	@Test
	void isDownWhenTheLastPollIsTooLongAgo() {
		assertThat(new PollLoopHealthIndicator(this.poller, Duration.ZERO).health().getStatus()).isEqualTo(Status.DOWN);
	}

}

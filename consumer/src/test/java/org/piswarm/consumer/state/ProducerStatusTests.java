package org.piswarm.consumer.state;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.piswarm.consumer.state.ProducerStatus.State;

import static org.assertj.core.api.Assertions.assertThat;

class ProducerStatusTests {

	private final AtomicLong nanos = new AtomicLong();

	private final ProducerStatus status = polling(Duration.ofSeconds(3));

	@Test
	void anOutageIsOneFailureAndOneRecovery() {
		this.status.received("producer-1@pi1");
		this.status.retried(1, "connection refused");
		assertThat(this.status.view().state()).isEqualTo(State.RECEIVING);
		for (int poll = 0; poll < 4; poll++) {
			this.status.failed(State.UNREACHABLE, "connection refused");
			this.status.retried(1, "connection refused");
			assertThat(this.status.view()).isEqualTo(new ProducerStatus.View(State.UNREACHABLE, "connection refused"));
			pass(Duration.ofSeconds(3));
		}
		this.status.received("producer-1@pi1");
		assertThat(this.status.view()).isEqualTo(new ProducerStatus.View(State.RECEIVING, null));
		assertThat(notices()).containsExactly("producer-1@pi1 answers",
				"Attempt 1 failed, trying again: connection refused", "connection refused",
				"Numbers arrive again, after 4 failed polls in 12 s");
	}

	@Test
	void anotherReasonIsAnotherNotice() {
		this.status.failed(State.UNREACHABLE, "connection refused");
		this.status.failed(State.REFUSED, "no number in the answer");
		assertThat(this.status.view().state()).isEqualTo(State.REFUSED);
		assertThat(notices()).containsExactly("connection refused", "no number in the answer");
	}

	@Test
	void aReplicaIsGoneWhenItHasMissedItsTurn() {
		this.status.received("producer-1@pi1");
		this.status.received("producer-2@pi2");
		pass(Duration.ofSeconds(180));
		this.status.received("producer-1@pi1");
		assertThat(notices()).containsExactly("producer-1@pi1 answers", "producer-2@pi2 answers");
		pass(Duration.ofSeconds(1));
		this.status.received("producer-1@pi1");
		assertThat(notices()).last().isEqualTo("producer-2@pi2 has not answered for 181 s");
		this.status.received("producer-2@pi2");
		assertThat(notices()).last().isEqualTo("producer-2@pi2 answers");
	}

	@Test
	void aReplicaIsNotGoneWhileEachPollGoesToAnotherOne() {
		ProducerStatus slow = polling(Duration.ofMinutes(5));
		for (int poll = 0; poll < 10; poll++) {
			slow.received("producer-" + poll % 2);
			pass(Duration.ofMinutes(5));
		}
		assertThat(slow.notices().cursorOfNewest(10).read()).extracting((entry) -> entry.value().text())
			.containsExactly("producer-0 answers", "producer-1 answers");
	}

	@Test
	void noReplicaIsGoneDuringAnOutage() {
		this.status.received("producer-1@pi1");
		this.status.received("producer-2@pi2");
		this.status.failed(State.UNREACHABLE, "connection refused");
		pass(Duration.ofMinutes(10));
		assertThat(this.status.failuresInARow()).isEqualTo(1);
		this.status.received("producer-1@pi1");
		assertThat(this.status.failuresInARow()).isZero();
		assertThat(notices()).last().isEqualTo("Numbers arrive again, after 1 failed poll in 600 s");
	}

	@Test
	void keepsABoundedNumberOfNoticesAndReplicas() {
		for (int i = 0; i < 10_000; i++) {
			this.status.received("producer-" + i);
		}
		assertThat(notices()).hasSize(ProducerStatus.NOTICES)
			.last()
			.isEqualTo("producer-9899 has not answered for 0 s");
	}

	private ProducerStatus polling(Duration interval) {
		return new ProducerStatus(Clock.systemUTC(), interval, Duration.ofSeconds(60), this.nanos::get);
	}

	private void pass(Duration time) {
		this.nanos.addAndGet(time.toNanos());
	}

	private List<String> notices() {
		return this.status.notices().cursorOfNewest(1000).read().stream().map((entry) -> entry.value().text()).toList();
	}

}

package org.piswarm.consumer;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.piswarm.consumer.FetchException.Kind;
import org.piswarm.consumer.Situation.State;

import static org.assertj.core.api.Assertions.assertThat;

class SituationTests {

	private final AtomicLong nanos = new AtomicLong();

	private final Situation situation = polling(Duration.ofSeconds(3));

	@Test
	void anOutageIsOneFailureAndOneRecovery() {
		this.situation.received("producer-1@pi1");
		this.situation.retrying(1, new FetchException(Kind.TEMPORARY, "connection refused"));
		assertThat(this.situation.view().state()).isEqualTo(State.RETRYING);
		for (int poll = 0; poll < 4; poll++) {
			this.situation.failed(Kind.TEMPORARY, "connection refused");
			this.situation.retrying(1, new FetchException(Kind.TEMPORARY, "connection refused"));
			assertThat(this.situation.view()).isEqualTo(new Situation.View(State.UNREACHABLE, "connection refused"));
			pass(Duration.ofSeconds(3));
		}
		this.situation.received("producer-1@pi1");
		assertThat(this.situation.view()).isEqualTo(new Situation.View(State.RECEIVING, null));
		assertThat(notices()).containsExactly("producer-1@pi1 answers",
				"Attempt 1 failed, trying again: connection refused", "connection refused",
				"Numbers arrive again, after 4 failed polls in 12 s");
	}

	@Test
	void anotherReasonIsSaid() {
		this.situation.failed(Kind.TEMPORARY, "connection refused");
		this.situation.failed(Kind.INVALID, "no number in the answer");
		assertThat(this.situation.view().state()).isEqualTo(State.REFUSED);
		assertThat(notices()).containsExactly("connection refused", "no number in the answer");
	}

	@Test
	void aReplicaIsGoneWhenItHasMissedItsTurn() {
		this.situation.received("producer-1@pi1");
		this.situation.received("producer-2@pi2");
		pass(Duration.ofSeconds(180));
		this.situation.received("producer-1@pi1");
		assertThat(notices()).containsExactly("producer-1@pi1 answers", "producer-2@pi2 answers");
		pass(Duration.ofSeconds(1));
		this.situation.received("producer-1@pi1");
		assertThat(notices()).last().isEqualTo("producer-2@pi2 has not answered for 181 s");
		this.situation.received("producer-2@pi2");
		assertThat(notices()).last().isEqualTo("producer-2@pi2 answers");
	}

	@Test
	void aReplicaIsNotGoneWhileEachPollGoesToAnotherOne() {
		Situation slow = polling(Duration.ofMinutes(5));
		for (int poll = 0; poll < 10; poll++) {
			slow.received("producer-" + poll % 2);
			pass(Duration.ofMinutes(5));
		}
		assertThat(slow.cursorOfNewest(10).read()).extracting((entry) -> entry.value().text())
			.containsExactly("producer-0 answers", "producer-1 answers");
	}

	@Test
	void noReplicaIsGoneBecauseNoneCouldBeAsked() {
		this.situation.received("producer-1@pi1");
		this.situation.received("producer-2@pi2");
		this.situation.failed(Kind.TEMPORARY, "connection refused");
		pass(Duration.ofMinutes(10));
		assertThat(this.situation.failuresInARow()).isEqualTo(1);
		this.situation.received("producer-1@pi1");
		assertThat(this.situation.failuresInARow()).isZero();
		assertThat(notices()).last().isEqualTo("Numbers arrive again, after 1 failed poll in 600 s");
	}

	@Test
	void remembersABoundedNumberOfNoticesAndReplicas() {
		for (int i = 0; i < 10_000; i++) {
			this.situation.received("producer-" + i);
		}
		assertThat(notices()).hasSize(Situation.NOTICES).last().isEqualTo("producer-9899 has not answered for 0 s");
	}

	private Situation polling(Duration interval) {
		Settings settings = new Settings(URI.create("http://producer/number"), interval, 8080);
		return new Situation(new Changes(), Clock.systemUTC(), settings, this.nanos::get);
	}

	private void pass(Duration time) {
		this.nanos.addAndGet(time.toNanos());
	}

	private List<String> notices() {
		return this.situation.cursorOfNewest(1000).read().stream().map((entry) -> entry.value().text()).toList();
	}

}

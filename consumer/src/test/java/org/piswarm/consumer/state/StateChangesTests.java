package org.piswarm.consumer.state;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

class StateChangesTests {

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private final StateChanges changes = new StateChanges();

	@Test
	void doNotPileUpForAListenerThatDoesNotLook() {
		List<Boolean> signals = new CopyOnWriteArrayList<>();
		StepVerifier.create(this.changes.signals().doOnNext(signals::add), 0)
			.expectSubscription()
			.then(() -> IntStream.range(0, 1000).forEach((i) -> this.changes.announce()))
			.thenRequest(Long.MAX_VALUE)
			.expectNext(true)
			.then(this.changes::stop)
			.thenConsumeWhile((signal) -> true)
			.expectComplete()
			.verify(LIMIT);
		// The one that was there first, and the latest.
		assertThat(signals).hasSizeLessThanOrEqualTo(2);
	}

	@Test
	void endWhenTheApplicationStopsAndComeAgainAfterARestart() {
		this.changes.start();
		StepVerifier.create(this.changes.signals())
			.expectNext(true)
			.then(this.changes::stop)
			.expectComplete()
			.verify(LIMIT);
		this.changes.start();
		StepVerifier.create(this.changes.signals())
			.expectNext(true)
			.then(this.changes::announce)
			.expectNext(true)
			.then(this.changes::stop)
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void reachAListenerThatCameBeforeTheStart() {
		StepVerifier.create(this.changes.signals())
			.expectNext(true)
			.then(this.changes::start)
			.then(this.changes::announce)
			.expectNext(true)
			.thenCancel()
			.verify(LIMIT);
	}

	@Test
	void costTheAnnouncerNoWorkOfTheListeners() {
		Thread announcer = Thread.currentThread();
		List<Thread> workers = new CopyOnWriteArrayList<>();
		StepVerifier.create(this.changes.signals().doOnNext((signal) -> workers.add(Thread.currentThread())))
			.expectNext(true)
			.then(this.changes::announce)
			.expectNext(true)
			.thenCancel()
			.verify(LIMIT);
		assertThat(workers).isNotEmpty().doesNotContain(announcer);
	}

}

package org.piswarm.consumer.web;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.codec.ServerSentEvent;

import static org.assertj.core.api.Assertions.assertThat;

class EventStreamTests extends SharedConsumer {

	@Test
	void streamsTheLatestReadingAndThenEachNewOne() {
		receive(77);
		StepVerifier.create(events("/api/readings", null).filter(EventStreamTests::hasData).map(SharedConsumer::number))
			.expectNext(77)
			.then(() -> receive(78))
			.expectNext(78)
			.then(() -> receive(79))
			.expectNext(79)
			.thenCancel()
			.verify(BOUND);
	}

	@Test
	void resumesReadingsWhereAListenerLeft() {
		receive(82);
		String last = events("/api/readings", null).mapNotNull(ServerSentEvent::id)
			.next()
			.blockOptional(BOUND)
			.orElseThrow();
		receive(83);
		receive(84);
		StepVerifier.create(events("/api/readings", last).filter(EventStreamTests::hasData).map(SharedConsumer::number))
			.expectNext(83, 84)
			.then(() -> receive(85))
			.expectNext(85)
			.thenCancel()
			.verify(BOUND);
	}

	@Test
	void sendsAllReadingsToAListenerOfAnotherRun() {
		receive(86);
		receive(87);
		assertThat(events("/api/readings", "00000000-99-0").filter(EventStreamTests::hasData)
			.map(SharedConsumer::number)
			.takeUntil((number) -> number == 87)
			.collectList()
			.block(BOUND)).endsWith(86, 87).contains(1);
	}

	@ParameterizedTest
	@CsvSource({ "/api/readings", "/api/live" })
	void startsAnewForAnUnknownId(String path) {
		receive(88);
		receive(89);
		List<Integer> fresh = readingsOfFirstPoll(events(path, null));
		assertThat(readingsOfFirstPoll(events(path, "nothing"))).isEqualTo(fresh).endsWith(89);
	}

	/** IDs of readings and of notices share one sequence, as a browser knows only one. */
	@Test
	void givesEachLiveEventAnIdOfItsOwn() {
		fail(404);
		receive(90);
		receive(91);
		List<ServerSentEvent<String>> events = untilStatus(events("/api/live", null));
		assertThat(events).extracting(ServerSentEvent::event).contains("reading", "notice").endsWith("status");
		assertThat(events).filteredOn((event) -> !"status".equals(event.event()))
			.extracting(ServerSentEvent::id)
			.doesNotContainNull()
			.doesNotHaveDuplicates();
	}

	@ParameterizedTest
	@CsvSource({ "header", "parameter" })
	void resendsOnlyTheLiveEventsThatWereMissed(String way) {
		receive(92);
		List<ServerSentEvent<String>> before = untilStatus(events("/api/live", null));
		String last = before.stream()
			.filter((event) -> event.id() != null)
			.reduce((first, second) -> second)
			.map(EventStreamTests::id)
			.orElseThrow();
		receive(93);
		fail(404);
		Flux<ServerSentEvent<String>> resumed = way.equals("header") ? events("/api/live", last)
				: events("/api/live?lastEventId=" + last, null);
		List<ServerSentEvent<String>> missed = untilStatus(resumed);
		assertThat(missed).extracting(ServerSentEvent::event).containsExactly("reading", "notice", "status");
		assertThat(number(missed.get(0))).isEqualTo(93);
		assertThat(missed.get(1).data()).contains("status 404");

		String notice = id(missed.get(1));
		assertThat(untilStatus(events("/api/live", notice))).extracting(ServerSentEvent::event)
			.containsExactly("status");
	}

	@Test
	void sendsHeartbeatsWhileNoNumberArrives(@Autowired ApiController api, @Autowired LiveController live) {
		StepVerifier.withVirtualTime(() -> api.readings(null).filter((event) -> "heartbeat".equals(event.comment())))
			.expectSubscription()
			.thenAwait(Duration.ofSeconds(15))
			.expectNextCount(1)
			.thenAwait(Duration.ofSeconds(15))
			.expectNextCount(1)
			.thenCancel()
			.verify(BOUND);
		StepVerifier.withVirtualTime(() -> live.events(null).filter((event) -> "status".equals(event.event())).skip(1))
			.expectSubscription()
			.thenAwait(Duration.ofSeconds(10))
			.expectNextCount(1)
			.thenCancel()
			.verify(BOUND);
	}

	private static List<ServerSentEvent<String>> untilStatus(Flux<ServerSentEvent<String>> events) {
		return events.filter(EventStreamTests::hasData)
			.takeUntil((event) -> "status".equals(event.event()))
			.collectList()
			.blockOptional(BOUND)
			.orElseThrow();
	}

	private static List<Integer> readingsOfFirstPoll(Flux<ServerSentEvent<String>> events) {
		return events.filter((event) -> hasData(event) && !"notice".equals(event.event()))
			.takeWhile((event) -> !"status".equals(event.event()))
			.map(SharedConsumer::number)
			.takeUntil((number) -> number == 89)
			.collectList()
			.blockOptional(BOUND)
			.orElseThrow();
	}

	private static boolean hasData(ServerSentEvent<String> event) {
		return event.data() != null;
	}

	private static String id(ServerSentEvent<String> event) {
		return Objects.requireNonNull(event.id());
	}

}

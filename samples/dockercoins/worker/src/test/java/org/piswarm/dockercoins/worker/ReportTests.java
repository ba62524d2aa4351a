package org.piswarm.dockercoins.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.piswarm.samples.ServiceFailure;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

class ReportTests {

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final List<Integer> sent = new ArrayList<>();

	private Mono<Long> answer = Mono.just(1L);

	private final Report report = new Report((count) -> {
		this.sent.add(count);
		return this.answer;
	}, this.meters);

	private void count(int loops) {
		for (int i = 0; i < loops; i++) {
			this.report.add();
		}
	}

	private double perhapsLost() {
		return this.meters.get("worker.hashes.perhaps.lost").counter().count();
	}

	@Test
	void isDueBeforeTheNextLoopMakesItMoreThanASecond() {
		long now = System.nanoTime();
		assertThat(this.report.isDue(now + Duration.ofSeconds(5).toNanos())).as("without a loop").isFalse();
		count(1);
		assertThat(this.report.isDue(now)).isFalse();
		assertThat(this.report.isDue(now + Duration.ofMillis(800).toNanos())).isTrue();
	}

	@Test
	void sendsEachLoopOnce() {
		count(3);
		this.report.send().block();
		this.report.send().block();
		count(2);
		this.report.sendLast().block();
		assertThat(this.sent).containsExactly(3, 2);
		assertThat(perhapsLost()).isZero();
	}

	@Test
	void sendsAgainOnlyWhatRedisHasCertainlyNotCounted() {
		this.answer = Mono.error(new ServiceFailure("redis", "connection refused", false));
		count(3);
		this.report.send().onErrorComplete().block();
		this.answer = Mono.error(new ServiceFailure("redis", "no answer in time", true));
		this.report.send().onErrorComplete().block();
		assertThat(perhapsLost()).isEqualTo(3);
		count(2);
		this.answer = Mono.just(1L);
		this.report.send().block();
		assertThat(this.sent).containsExactly(3, 3, 2);
	}

	@Test
	void countsWhatTheLastReportDidNotBring() {
		this.answer = Mono.error(new ServiceFailure("redis", "connection refused", false));
		count(3);
		this.report.sendLast().onErrorComplete().block();
		assertThat(perhapsLost()).isEqualTo(3);
	}

}

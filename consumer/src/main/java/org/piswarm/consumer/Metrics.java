package org.piswarm.consumer;

import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

import io.github.resilience4j.micrometer.tagged.TaggedRetryMetrics;
import io.github.resilience4j.retry.RetryRegistry;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.stereotype.Component;

/**
 * The counts of {@link Stats} and the age of the latest reading, for a monitoring system;
 * the time that polls take is measured by their observation.
 */
@Component
class Metrics implements MeterBinder {

	private final Stats stats;

	private final Readings readings;

	private final Situation situation;

	private final Settings settings;

	private final RetryRegistry retries;

	Metrics(Stats stats, Readings readings, Situation situation, Settings settings, RetryRegistry retries) {
		this.situation = situation;
		this.settings = settings;
		this.stats = stats;
		this.readings = readings;
		this.retries = retries;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		polls(registry, "received", Stats.Snapshot::received);
		polls(registry, "failed", Stats.Snapshot::failed);
		polls(registry, "invalid", Stats.Snapshot::invalid);
		polls(registry, "skipped", Stats.Snapshot::skipped);
		FunctionCounter.builder("consumer.retries", this.stats, (counts) -> counts.snapshot().retried())
			.description("Attempts beyond the first of a poll")
			.register(registry);
		// Not a number before the first reading.
		TimeGauge.builder("consumer.reading.age", this.readings, TimeUnit.MILLISECONDS, Metrics::ageMillis)
			.description("How long ago the latest number came")
			.register(registry);
		Gauge.builder("consumer.failures.in.a.row", this.situation, Situation::failuresInARow)
			.description("Polls that have failed since the latest number")
			.register(registry);
		TimeGauge
			.builder("consumer.poll.interval", this.settings, TimeUnit.MILLISECONDS,
					(settings) -> settings.pollInterval().toMillis())
			.description("From the start of one poll to the start of the next")
			.register(registry);
		TaggedRetryMetrics.ofRetryRegistry(this.retries).bindTo(registry);
	}

	private void polls(MeterRegistry registry, String outcome, ToLongFunction<Stats.Snapshot> count) {
		FunctionCounter.builder("consumer.polls", this.stats, (counts) -> count.applyAsLong(counts.snapshot()))
			.description("Polls that have ended, or were left out")
			.tag("outcome", outcome)
			.register(registry);
	}

	private static double ageMillis(Readings readings) {
		return readings.latest().map((aged) -> (double) aged.age().toMillis()).orElse(Double.NaN);
	}

}

package org.piswarm.consumer.state;

import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

import io.github.resilience4j.micrometer.tagged.TaggedRetryMetrics;
import io.github.resilience4j.retry.RetryRegistry;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.piswarm.consumer.settings.ConsumerProperties;

import org.springframework.stereotype.Component;

/**
 * Publishes the counts of polls and the age of the latest reading to a monitoring system.
 * The observation of each poll measures how long it takes.
 */
@Component
class PollMetrics implements MeterBinder {

	private final PollCounts counts;

	private final ReadingHistory readings;

	private final ProducerStatus status;

	private final ConsumerProperties properties;

	private final RetryRegistry retries;

	PollMetrics(PollCounts counts, ReadingHistory readings, ProducerStatus status, ConsumerProperties properties,
			RetryRegistry retries) {
		this.counts = counts;
		this.readings = readings;
		this.status = status;
		this.properties = properties;
		this.retries = retries;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		polls(registry, "received", PollCounts.Snapshot::received);
		polls(registry, "failed", PollCounts.Snapshot::failed);
		polls(registry, "invalid", PollCounts.Snapshot::invalid);
		polls(registry, "error", PollCounts.Snapshot::errors);
		polls(registry, "skipped", PollCounts.Snapshot::skipped);
		FunctionCounter.builder("consumer.retries", this.counts, (counts) -> counts.snapshot().retried())
			.description("Attempts after the first of a poll")
			.register(registry);
		// Not a number before the first reading.
		TimeGauge.builder("consumer.reading.age", this.readings, TimeUnit.MILLISECONDS, PollMetrics::ageMillis)
			.description("Time since the latest number arrived")
			.register(registry);
		Gauge.builder("consumer.failures.in.a.row", this.status, ProducerStatus::failuresInARow)
			.description("Polls that failed since the latest number")
			.register(registry);
		TimeGauge
			.builder("consumer.poll.interval", this.properties, TimeUnit.MILLISECONDS,
					(properties) -> properties.pollInterval().toMillis())
			.description("From the start of one poll to the start of the next")
			.register(registry);
		TaggedRetryMetrics.ofRetryRegistry(this.retries).bindTo(registry);
	}

	private void polls(MeterRegistry registry, String outcome, ToLongFunction<PollCounts.Snapshot> count) {
		FunctionCounter.builder("consumer.polls", this.counts, (counts) -> count.applyAsLong(counts.snapshot()))
			.description("Polls that ended, or were left out")
			.tag("outcome", outcome)
			.register(registry);
	}

	private static double ageMillis(ReadingHistory readings) {
		return readings.latest().map((aged) -> (double) aged.age().toMillis()).orElse(Double.NaN);
	}

}

package org.piswarm.consumer;

import java.time.Duration;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.piswarm.consumer.FetchException.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.observability.DefaultSignalListener;
import reactor.core.observability.micrometer.Micrometer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Polls at a steady pace, start to start, one poll at a time, for as long as the
 * application runs. Being in the highest phase, it starts when the web server is up and
 * stops before it goes.
 */
@Component
class Poller implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(Poller.class);

	private final ProducerClient client;

	private final Readings readings;

	private final Stats stats;

	private final Situation situation;

	private final Changes changes;

	private final ObservationRegistry observations;

	private final Duration interval;

	private volatile long lastPoll = System.nanoTime();

	private @Nullable Disposable loop;

	Poller(ProducerClient client, Readings readings, Stats stats, Situation situation, Changes changes,
			ObservationRegistry observations, Settings settings) {
		this.client = client;
		this.readings = readings;
		this.stats = stats;
		this.situation = situation;
		this.changes = changes;
		this.observations = observations;
		this.interval = settings.pollInterval();
	}

	/** The endless loop, begun by subscribing; no failure of a poll ends it. */
	Flux<Void> loop() {
		return Flux.interval(Duration.ZERO, this.interval)
			// A tick that finds a poll still under way is left out; without this, ticks
			// would pile up
			// and end the interval, or come in a burst.
			.onBackpressureDrop((tick) -> this.stats.skipped())
			.concatMap((tick) -> poll(), 0);
	}

	/** How long ago the last poll began. */
	Duration sinceLastPoll() {
		return Duration.ofNanos(System.nanoTime() - this.lastPoll);
	}

	/**
	 * One poll: fetches, keeps and logs; never fails. It is one trace and one time, all
	 * attempts together.
	 */
	Mono<Void> poll() {
		return Mono.defer(() -> {
			this.lastPoll = System.nanoTime();
			this.stats.polled();
			return this.client.fetch();
		})
			// Unlike doOnNext, a tap knows the trace that the log names. Reactor's
			// automatic propagation would do for both, and loses buffers of late
			// answers.
			.tap(() -> new DefaultSignalListener<>() {

				@Override
				public void doOnNext(Reading reading) {
					received(reading);
				}

				@Override
				public void doOnError(Throwable failure) {
					failed(failure);
				}

			})
			.tap(Micrometer.observation(this.observations,
					(registry) -> Observation.createNotStarted("consumer.poll", registry)))
			.onErrorComplete()
			.then();
	}

	private void received(Reading reading) {
		this.stats.received(reading.replica());
		this.situation.received(reading.replica());
		this.readings.add(reading);
		logger.info("Received number: {}", reading.number());
	}

	private void failed(Throwable failure) {
		Kind kind = (failure instanceof FetchException fetch) ? fetch.kind() : Kind.TEMPORARY;
		if (kind == Kind.INVALID) {
			this.stats.invalid();
		}
		else {
			this.stats.failed();
		}
		String reason = (failure instanceof FetchException) ? String.valueOf(failure.getMessage()) : failure.toString();
		this.situation.failed(kind, reason);
		logger.atError().addKeyValue("error.message", reason).log("Error fetching the number: {}", reason);
	}

	@Override
	public void start() {
		this.loop = loop().subscribe();
	}

	@Override
	public void stop() {
		if (this.loop != null) {
			this.loop.dispose();
			this.loop = null;
		}
		this.changes.close();
	}

	@Override
	public boolean isRunning() {
		return this.loop != null;
	}

}

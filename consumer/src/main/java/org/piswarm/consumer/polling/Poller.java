package org.piswarm.consumer.polling;

import java.time.Duration;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.piswarm.consumer.settings.ConsumerProperties;
import org.piswarm.consumer.state.PollCounts;
import org.piswarm.consumer.state.Reading;
import org.piswarm.consumer.state.StateChanges;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.observability.micrometer.Micrometer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Polls at a steady pace, start to start, one poll at a time, for as long as the
 * application runs. In the default phase it starts after the web server and stops before
 * it.
 */
@Component
public class Poller implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(Poller.class);

	private final ProducerClient client;

	private final PollRecorder recorder;

	private final PollCounts counts;

	private final StateChanges changes;

	private final ObservationRegistry observations;

	private final Duration interval;

	private volatile long lastPoll = System.nanoTime();

	private @Nullable Disposable loop;

	Poller(ProducerClient client, PollRecorder recorder, PollCounts counts, StateChanges changes,
			ObservationRegistry observations, ConsumerProperties properties) {
		this.client = client;
		this.recorder = recorder;
		this.counts = counts;
		this.changes = changes;
		this.observations = observations;
		this.interval = properties.pollInterval();
	}

	/** The endless loop; no failure of a poll ends it. */
	Flux<Void> loop() {
		return Flux.interval(Duration.ZERO, this.interval)
			// Leaves out a tick that finds a poll unfinished. Without this, ticks would
			// pile up, and end the interval or come in a burst.
			.onBackpressureDrop((tick) -> this.counts.skipped())
			.concatMap((tick) -> poll(), 0);
	}

	/** How long ago the last poll started. */
	Duration sinceLastPoll() {
		return Duration.ofNanos(System.nanoTime() - this.lastPoll);
	}

	/**
	 * One poll: fetches a number, records and logs the outcome, and announces it once the
	 * poll is over; never fails. All attempts are one trace and one measured time.
	 */
	public Mono<Void> poll() {
		return Mono.defer(this::fetch)
			.tap(Micrometer.observation(this.observations,
					(registry) -> Observation.createNotStarted("consumer.poll", registry)))
			.onErrorComplete(FetchException.class)
			.then()
			.onErrorResume(this::recordError)
			.then(Mono.<Void>fromRunnable(this.changes::announce))
			.onErrorResume(this::recordError);
	}

	private Mono<Void> recordError(Throwable error) {
		this.recorder.error(error);
		return Mono.empty();
	}

	private Mono<Reading> fetch() {
		this.lastPoll = System.nanoTime();
		this.counts.polled();
		Trace trace = Trace.random();
		return this.client.fetch(trace)
			.materialize()
			.doOnNext((outcome) -> this.recorder.record(outcome, trace))
			.dematerialize();
	}

	@Override
	public void start() {
		this.loop = loop().subscribe(null, (ex) -> logger.error("The poll loop has ended", ex));
	}

	@Override
	public void stop() {
		if (this.loop != null) {
			this.loop.dispose();
			this.loop = null;
		}
	}

	@Override
	public boolean isRunning() {
		return this.loop != null;
	}

}

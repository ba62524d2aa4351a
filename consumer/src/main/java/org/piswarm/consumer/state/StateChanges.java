package org.piswarm.consumer.state;

import java.time.Duration;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.Sinks.EmitFailureHandler;
import reactor.core.scheduler.Schedulers;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Signals that the state may have changed. A listener then looks up what it needs, so a
 * slow one has a single look to catch up on, and no queue. Listeners work on other
 * threads: an announcement only schedules a task for each.
 */
@Component
public class StateChanges implements SmartLifecycle {

	private volatile Sinks.Many<Boolean> signal = newSignal();

	private volatile boolean running;

	private boolean ended;

	/** Signals all listeners. */
	public void announce() {
		// Another announcement may be on its way at this moment.
		this.signal.emitNext(true, EmitFailureHandler.busyLooping(Duration.ofSeconds(1)));
	}

	/**
	 * One signal at once, and one after each announcement or several; completes when the
	 * application stops.
	 */
	public Flux<Boolean> signals() {
		return Flux.defer(() -> this.signal.asFlux()).onBackpressureLatest().publishOn(Schedulers.parallel(), 1);
	}

	/** Completes when the signals do. */
	public Mono<Void> closed() {
		return Mono.defer(() -> this.signal.asFlux().then());
	}

	/** A listener may be there before the first start, and keeps its signal. */
	@Override
	public void start() {
		if (this.ended) {
			this.signal = newSignal();
			this.ended = false;
		}
		this.running = true;
	}

	/**
	 * Ends all streams. The default phase stops before the web server does, whose
	 * graceful shutdown would wait for each endless answer.
	 */
	@Override
	public void stop() {
		this.running = false;
		this.ended = true;
		this.signal.emitComplete(EmitFailureHandler.busyLooping(Duration.ofSeconds(1)));
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	private static Sinks.Many<Boolean> newSignal() {
		return Sinks.many().replay().latestOrDefault(true);
	}

}

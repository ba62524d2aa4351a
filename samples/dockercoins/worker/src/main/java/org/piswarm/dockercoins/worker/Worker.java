package org.piswarm.dockercoins.worker;

import java.time.Duration;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.piswarm.dockercoins.worker.WorkerApplication.Settings;
import org.piswarm.samples.Host;
import org.piswarm.samples.ServiceFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * The endless loop: pause, random bytes, their hash. A hash that begins with 0 is a coin.
 * The next loop begins when the one before has ended, so the slowest service decides how
 * many hashes there are.
 */
@Component
class Worker implements SmartLifecycle, HealthIndicator {

	private static final Logger logger = LoggerFactory.getLogger(Worker.class);

	private static final Duration PAUSE = Duration.ofMillis(100);

	private final Services services;

	private final Settings settings;

	private final Report report;

	private final Counter loops;

	private final Counter coins;

	private final Counter failures;

	private final Sinks.Empty<Void> stop = Sinks.empty();

	private final Sinks.Empty<Void> ended = Sinks.empty();

	private volatile long lastLoop = System.nanoTime();

	private volatile boolean running;

	private volatile boolean stopping;

	Worker(Services services, Settings settings, MeterRegistry meters) {
		this.services = services;
		this.settings = settings;
		this.loops = Counter.builder("worker.loops").description("Hashes that this worker made").register(meters);
		this.coins = Counter.builder("worker.coins").description("Coins that this worker found").register(meters);
		this.failures = Counter.builder("worker.failures")
			.description("Loops that ended because another service failed")
			.register(meters);
		this.report = new Report(services::addHashes, meters);
	}

	private Mono<Void> loop() {
		this.lastLoop = System.nanoTime();
		// Still due if Redis has refused it. New hashes would only be more that can be
		// lost.
		return this.report.sendIfDue().then(Mono.defer(this::make)).flatMap(this::keep).onErrorResume(this::recover);
	}

	/** Nothing is counted yet, so this ends at once when the worker is stopped. */
	private Mono<Hash> make() {
		return Mono.delay(PAUSE)
			.then(Mono.defer(this.services::randomBytes))
			.flatMap((bytes) -> this.services.hash(bytes).map((hash) -> new Hash(hash, bytes)))
			.takeUntilOther(this.stop.asMono());
	}

	private Mono<Void> keep(Hash hash) {
		return storeIfCoin(hash).then(Mono.defer(() -> {
			this.loops.increment();
			this.report.add();
			return this.report.sendIfDue();
		}));
	}

	private Mono<Void> storeIfCoin(Hash hash) {
		if (!hash.text().startsWith("0")) {
			return Mono.empty();
		}
		return this.services.storeCoin(hash.text(), hash.bytes()).doOnNext((stored) -> {
			this.coins.increment();
			logger.info("Coin found: {}", hash.text());
		}).then();
	}

	/** Names the service that failed, and waits. */
	private Mono<Void> recover(Throwable failure) {
		if (!(failure instanceof ServiceFailure)) {
			logger.error("Error in the worker itself", failure);
			return pause(this.settings.pauseAfterError());
		}
		this.failures.increment();
		if (this.stopping) {
			logger.error("{}", failure.getMessage());
			return Mono.empty();
		}
		Duration pause = this.settings.pauseAfterError();
		logger.error("{}; the next attempt follows in {} s", failure.getMessage(), pause.toSeconds());
		String text = "%s (worker on %s)".formatted(failure.getMessage(), Host.name());
		// Until the next attempt can have failed too. The page sees by itself if Redis
		// fails.
		return this.services.reportFailure(text, pause.plusSeconds(3))
			.then(this.report.send())
			.onErrorComplete(ServiceFailure.class)
			.then(pause(pause));
	}

	/** Ends early when the worker is stopped. */
	private Mono<Void> pause(Duration duration) {
		return Mono.delay(duration).takeUntilOther(this.stop.asMono()).then();
	}

	@Override
	public void start() {
		this.running = true;
		Mono.defer(this::loop)
			.repeat(() -> !this.stopping)
			.then(this.report.sendLast())
			.onErrorComplete(ServiceFailure.class)
			.doFinally((signal) -> this.ended.tryEmitEmpty())
			.subscribe(null, (ex) -> logger.error("The loop has ended", ex));
	}

	/**
	 * What is counted is reported first. Redis has 2 s to connect and 2 s to answer,
	 * which is less than Spring waits.
	 */
	@Override
	public void stop(Runnable callback) {
		this.stopping = true;
		this.stop.tryEmitEmpty();
		this.ended.asMono().doFinally((signal) -> {
			this.running = false;
			callback.run();
		}).subscribe();
	}

	@Override
	public void stop() {
		this.stopping = true;
		this.stop.tryEmitEmpty();
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/** Alive while loops begin, whatever their outcome. */
	@Override
	public Health health() {
		Duration since = Duration.ofNanos(System.nanoTime() - this.lastLoop);
		return ((since.compareTo(this.settings.stuckAfter()) < 0) ? Health.up() : Health.down())
			.withDetail("sinceLastLoop", since.toString())
			.build();
	}

	/** What a loop has made. */
	private record Hash(String text, byte[] bytes) {

	}

}

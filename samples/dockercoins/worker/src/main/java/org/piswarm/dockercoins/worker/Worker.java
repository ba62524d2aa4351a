package org.piswarm.dockercoins.worker;

import java.time.Duration;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.piswarm.dockercoins.base.Host;
import org.piswarm.dockercoins.base.ServiceFailure;
import org.piswarm.dockercoins.worker.WorkerApplication.Settings;
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

	/** Redis learns of the loops once a second. */
	private static final Duration REPORT_INTERVAL = Duration.ofSeconds(1);

	/** How long a loop takes at least: the pause, the rng and the hasher. */
	private static final Duration LOOP = Duration.ofMillis(300);

	/** Far above all time limits of a loop together. */
	private static final Duration STUCK = Duration.ofSeconds(60);

	private final Services services;

	private final Duration pauseAfterError;

	private final Counter loops;

	private final Counter coins;

	private final Counter failures;

	private final Counter perhapsLost;

	private final Sinks.Empty<Void> stop = Sinks.empty();

	private final Sinks.Empty<Void> ended = Sinks.empty();

	/** Loops that Redis does not know yet. Only the loop itself uses it. */
	private int unreported;

	private long lastReport = System.nanoTime();

	private volatile long lastLoop = System.nanoTime();

	private volatile boolean running;

	private volatile boolean stopping;

	Worker(Services services, Settings settings, MeterRegistry meters) {
		this.services = services;
		this.pauseAfterError = settings.pauseAfterError();
		this.loops = Counter.builder("worker.loops").description("Hashes that this worker made").register(meters);
		this.coins = Counter.builder("worker.coins").description("Coins that this worker found").register(meters);
		this.failures = Counter.builder("worker.failures")
			.description("Loops that ended because another service failed")
			.register(meters);
		this.perhapsLost = Counter.builder("worker.hashes.perhaps.lost")
			.description("Hashes that Redis may not know, because it did not confirm them")
			.register(meters);
	}

	private Mono<Void> loop() {
		this.lastLoop = System.nanoTime();
		return pause(PAUSE).then(Mono.defer(this.services::randomBytes))
			.flatMap((bytes) -> this.services.hash(bytes).flatMap((hash) -> keepIfCoin(hash, bytes)))
			.then(Mono.defer(this::count))
			.onErrorResume(this::recover);
	}

	private Mono<Boolean> keepIfCoin(String hash, byte[] bytes) {
		if (!hash.startsWith("0")) {
			return Mono.empty();
		}
		return this.services.storeCoin(hash, bytes).doOnNext((stored) -> {
			this.coins.increment();
			logger.info("Coin found: {}", hash);
		});
	}

	private Mono<Void> count() {
		this.loops.increment();
		this.unreported++;
		// Before the next loop would make it more than a second.
		long age = System.nanoTime() - this.lastReport;
		return (age + LOOP.toNanos() > REPORT_INTERVAL.toNanos()) ? report() : Mono.empty();
	}

	/**
	 * Adds the loops to the total. If Redis may have added them and the answer was lost,
	 * they are not sent again: rather a second of counts is lost than counted twice.
	 */
	private Mono<Void> report() {
		int count = this.unreported;
		this.lastReport = System.nanoTime();
		this.unreported = 0;
		if (count == 0) {
			return Mono.empty();
		}
		return this.services.addHashes(count).doOnError(ServiceFailure.class, (failure) -> {
			if (failure.isPerhapsDone()) {
				this.perhapsLost.increment(count);
				logger.warn("Perhaps lost: {} hashes", count);
			}
			else {
				this.unreported += count;
			}
		}).then();
	}

	/** Names the service that failed, and waits. */
	private Mono<Void> recover(Throwable failure) {
		if (!(failure instanceof ServiceFailure)) {
			logger.error("Error in the worker itself", failure);
			return pause(this.pauseAfterError);
		}
		this.failures.increment();
		logger.error("{}; the next attempt follows in {} s", failure.getMessage(), this.pauseAfterError.toSeconds());
		String text = "%s (worker on %s)".formatted(failure.getMessage(), Host.name());
		// Until the next attempt can have failed too. If Redis fails as well, the page
		// knows
		// that by itself.
		return this.services.reportFailure(text, this.pauseAfterError.plusSeconds(3))
			.then(Mono.defer(this::report))
			.onErrorComplete(ServiceFailure.class)
			.then(pause(this.pauseAfterError));
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
			.then(Mono.defer(this::report))
			.onErrorComplete(ServiceFailure.class)
			.doFinally((signal) -> this.ended.tryEmitEmpty())
			.subscribe(null, (ex) -> logger.error("The loop has ended", ex));
	}

	/** The loop in progress ends first, and its count is reported. */
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
		return ((since.compareTo(STUCK) < 0) ? Health.up() : Health.down())
			.withDetail("sinceLastLoop", since.toString())
			.build();
	}

}

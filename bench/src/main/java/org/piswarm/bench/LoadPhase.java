package org.piswarm.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Measures all servers under load. All run during the whole phase, and one at a time has
 * load: the rounds of one server are spread over the whole time, as those of every other
 * one are.
 */
final class LoadPhase {

	static final int FEW = 64;

	static final int MANY = 2000;

	/** Two rounds of a warm server differ by less than this share. */
	static final double WARM = 0.04;

	/**
	 * A server whose rounds differ by less than this share needs no more rounds than
	 * {@link #FEWEST}.
	 */
	static final double SETTLED = 0.04;

	static final int FEWEST = 3;

	private static final long PAUSE_MILLIS = 200;

	private final Settings settings;

	private final Wrk wrk;

	private final Path logs;

	private final Map<Subject, Server> servers = new LinkedHashMap<>();

	LoadPhase(Settings settings, Wrk wrk, Path logs) {
		this.settings = settings;
		this.wrk = wrk;
		this.logs = logs;
	}

	void measure(List<Subject> subjects) throws IOException {
		try {
			for (Subject subject : subjects) {
				start(subject);
			}
			for (Subject subject : measurable()) {
				measure(subject, "while it became warm", this::warm);
			}
			repeat("closed loop, %d connections".formatted(FEW), this.settings.rounds(),
					(subject) -> closedLoop(subject, FEW));
			repeat("open loop", FixedRates.rounds(this.settings),
					(subject) -> new FixedRates(this.settings).measure(subject, measurable()));
			repeat("closed loop, %d connections".formatted(MANY), this.settings.rounds(),
					(subject) -> closedLoop(subject, MANY));
			Pause.millis(Duration.ofSeconds(this.settings.seconds()).toMillis());
			for (Subject subject : measurable()) {
				subject.lastMemory = server(subject).memory();
			}
		}
		finally {
			this.servers.values().forEach(Server::close);
		}
	}

	private void start(Subject subject) throws IOException {
		if (!subject.isMeasurable()) {
			return;
		}
		if (this.settings.cold()) {
			// So that the server's control group counts the files that it reads.
			PageCache.empty();
		}
		try {
			Server server = Server.start(subject.peer(), this.logs);
			this.servers.put(subject, server);
			subject.firstAnswers = this.wrk.run(subject.peer().port(), FEW, this.settings.firstSeconds()).answered();
			Bench.say("%s: %d answers in its first %d s".formatted(subject.name, subject.firstAnswers,
					this.settings.firstSeconds()));
		}
		catch (BenchException ex) {
			subject.fail(ex.getMessage());
		}
	}

	private void warm(Subject subject) {
		double before = 0;
		while (!subject.isWarm && subject.warmRounds < this.settings.warmRounds()) {
			double now = this.wrk.run(subject.peer().port(), FEW, this.settings.seconds()).perSecond();
			subject.isWarm = Math.abs(now - before) < WARM * Math.max(now, before);
			subject.warmRounds++;
			before = now;
		}
		Bench.say("%s: %s after %d rounds".formatted(subject.name, subject.isWarm ? "warm" : "not warm",
				subject.warmRounds));
	}

	private void repeat(String what, int rounds, Measurement measurement) throws IOException {
		for (int round = 1; round <= rounds; round++) {
			for (Subject subject : measurable()) {
				measure(subject, "during " + what, measurement);
				Pause.millis(PAUSE_MILLIS);
			}
			Bench.say("%s: round %d of %d".formatted(what, round, rounds));
		}
	}

	private void closedLoop(Subject subject, int connections) {
		if (Summary.of(subject.throughput(connections)).isSettled(SETTLED, FEWEST)) {
			return;
		}
		Server server = server(subject);
		double before = server.cpuSeconds();
		CompletableFuture<Memory> memory = CompletableFuture.supplyAsync(() -> {
			Pause.millis(Duration.ofSeconds(this.settings.seconds()).toMillis() / 2);
			return server.memory();
		});
		Wrk.Result load = this.wrk.run(subject.peer().port(), connections, this.settings.seconds());
		subject.rounds.computeIfAbsent(connections, (key) -> new ArrayList<>())
			.add(new Subject.Round(load, server.cpuSeconds() - before, memory.join()));
	}

	/** A server that ends has no more figures; the others go on. */
	private void measure(Subject subject, String when, Measurement measurement) throws IOException {
		try {
			measurement.take(subject);
		}
		catch (BenchException ex) {
			subject.fail("failed %s: %s".formatted(when, ex.getMessage()));
		}
		Server server = server(subject);
		if (!server.isAlive()) {
			Children.checkStopping();
			subject.fail("ended %s: %s".formatted(when, server.lastLogLine()));
		}
	}

	private Server server(Subject subject) {
		Server server = this.servers.get(subject);
		if (server == null) {
			throw new IllegalStateException(subject.name + " does not run");
		}
		return server;
	}

	private List<Subject> measurable() {
		return this.servers.keySet().stream().filter(Subject::isMeasurable).toList();
	}

	private interface Measurement {

		void take(Subject subject) throws IOException;

	}

}

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

	/** Shares of a server's own maximum, in percent. */
	static final List<Integer> SHARES = List.of(25, 50, 75);

	/**
	 * The peer that also gets the rate of the producer, so that latencies at one rate can
	 * be compared.
	 */
	static final String SAME_RATE = "go";

	private static final double WARM = 0.04;

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
			repeat("closed loop, %d connections".formatted(FEW), (subject) -> closedLoop(subject, FEW));
			repeat("open loop", this::openLoop);
			repeat("closed loop, %d connections".formatted(MANY), (subject) -> closedLoop(subject, MANY));
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

	private void repeat(String what, Measurement measurement) throws IOException {
		for (int round = 1; round <= this.settings.rounds(); round++) {
			for (Subject subject : measurable()) {
				measure(subject, "during " + what, measurement);
				Pause.millis(PAUSE_MILLIS);
			}
			Bench.say("%s: round %d of %d".formatted(what, round, this.settings.rounds()));
		}
	}

	private void closedLoop(Subject subject, int connections) {
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

	private void openLoop(Subject subject) throws IOException {
		double most = Summary.of(subject.throughput(FEW)).median();
		for (int share : SHARES) {
			openLoop(subject, rateName(share), most * share / 100);
		}
		if (subject.name.equals(SAME_RATE)) {
			for (Subject other : measurable()) {
				if (other.name.startsWith("producer")) {
					openLoop(subject, sameRateName(other.name), Summary.of(other.throughput(FEW)).median() / 2);
				}
			}
		}
	}

	static String rateName(int share) {
		return share + " %";
	}

	static String sameRateName(String producer) {
		return "half of " + producer;
	}

	private void openLoop(Subject subject, String name, double rate) throws IOException {
		// A server that answered nothing has no maximum.
		if (rate > 0) {
			subject.openLoop.computeIfAbsent(name, (key) -> new ArrayList<>())
				.add(OpenLoop.run(subject.peer().port(), rate, Duration.ofSeconds(this.settings.seconds())));
		}
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

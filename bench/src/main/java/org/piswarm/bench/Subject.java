package org.piswarm.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/** A server that is measured, and its figures. Each phase adds its own. */
final class Subject {

	/** At 64 and at 2000 connections, in the order of the rounds. */
	final Map<Integer, List<Round>> rounds = new TreeMap<>();

	/** In an open loop, by the name of the rate, in the order of the rounds. */
	final Map<String, List<OpenLoop.Result>> openLoop = new TreeMap<>();

	/** In milliseconds. */
	final List<Double> warmStarts = new ArrayList<>();

	/** In milliseconds. */
	final List<Double> coldStarts = new ArrayList<>();

	final String name;

	private final @Nullable Peer peer;

	/** Why there are no figures, or no more. */
	private @Nullable String trouble;

	Memory idleMemory = Memory.NONE;

	Memory lastMemory = Memory.NONE;

	long firstAnswers;

	int warmRounds;

	boolean isWarm;

	private Subject(String name, @Nullable Peer peer, @Nullable String trouble) {
		this.name = name;
		this.peer = peer;
		this.trouble = trouble;
	}

	static Subject available(Peer peer) {
		return new Subject(peer.name(), peer, null);
	}

	static Subject notInstalled(String name, String reason) {
		return new Subject(name, null, "not installed: " + reason);
	}

	/** From now on, no phase measures it. */
	void fail(String reason) {
		this.trouble = reason;
		Bench.say(this.name + ": " + reason);
	}

	boolean isMeasurable() {
		return this.trouble == null;
	}

	Optional<String> trouble() {
		return Optional.ofNullable(this.trouble);
	}

	Peer peer() {
		if (this.peer == null) {
			throw new IllegalStateException(this.name + " is " + this.trouble);
		}
		return this.peer;
	}

	String version() {
		return (this.peer != null) ? this.peer.version() : "–";
	}

	List<Double> throughput(int connections) {
		return rounds(connections).stream().map((round) -> round.load().perSecond()).toList();
	}

	List<Round> rounds(int connections) {
		return this.rounds.getOrDefault(connections, List.of());
	}

	/**
	 * One measurement in a closed loop.
	 *
	 * @param cpuSeconds that the server used meanwhile
	 * @param memory of the server, in the middle of it
	 */
	record Round(Wrk.Result load, double cpuSeconds, Memory memory) {

		double cpuSecondsPer10000() {
			return this.cpuSeconds * 10_000 / Math.max(1, this.load.answered());
		}

	}

}

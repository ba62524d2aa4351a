package org.piswarm.swarm.facts;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.ssh.Script;
import org.piswarm.swarm.ssh.Ssh;
import org.piswarm.swarm.terminal.Progress;

/** Asks Pis, all of them at once. */
public final class Survey {

	/** Several programs on a Pi may each take their 10 s. */
	private static final Duration DEADLINE = Duration.ofSeconds(40);

	private final Ssh ssh;

	private final Progress progress;

	public Survey(Ssh ssh, Progress progress) {
		this.ssh = ssh;
		this.progress = progress;
	}

	/** The facts of all Pis, in the order of the list. */
	public Map<Pi, Fact<PiFacts>> facts(List<Pi> pis) {
		return sideBySide(pis, this::factsOf);
	}

	/** The facts of one Pi. */
	public Fact<PiFacts> factsOf(Pi pi) {
		return reporting(pi, this::ask);
	}

	/** The same for a caller that says what it waits for. */
	public Fact<PiFacts> ask(Pi pi) {
		String failure = this.ssh.connect(pi);
		if (failure != null) {
			return Fact.unknown(failure);
		}
		long asked = seconds();
		return this.ssh.run(pi, Script.FACTS.text(), DEADLINE)
			.flatMap((answer) -> PiFacts.parse(answer, asked, seconds()));
	}

	/**
	 * Applies a function to all Pis at once and returns the results in the order of the
	 * list.
	 */
	public <R> Map<Pi, R> forAll(List<Pi> pis, Function<Pi, R> function) {
		return sideBySide(pis, (pi) -> reporting(pi, function));
	}

	/** The same for a function that says by itself what it waits for. */
	public static <R> Map<Pi, R> sideBySide(List<Pi> pis, Function<Pi, R> function) {
		ExecutorService threads = Executors.newFixedThreadPool(Math.max(pis.size(), 1));
		try {
			Map<Pi, Future<R>> futures = new LinkedHashMap<>();
			pis.forEach((pi) -> futures.put(pi, threads.submit(() -> function.apply(pi))));
			Map<Pi, R> results = new LinkedHashMap<>();
			for (Map.Entry<Pi, Future<R>> entry : futures.entrySet()) {
				results.put(entry.getKey(), entry.getValue().get());
			}
			return results;
		}
		catch (InterruptedException | ExecutionException ex) {
			throw new IllegalStateException(ex);
		}
		finally {
			threads.shutdownNow();
		}
	}

	private <R> R reporting(Pi pi, Function<Pi, R> function) {
		this.progress.begin(pi.name());
		try {
			return function.apply(pi);
		}
		finally {
			this.progress.end(pi.name());
		}
	}

	private static long seconds() {
		return System.currentTimeMillis() / 1000;
	}

}

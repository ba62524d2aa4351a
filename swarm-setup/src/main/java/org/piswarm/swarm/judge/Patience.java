package org.piswarm.swarm.judge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.piswarm.swarm.judge.Step.State;
import org.piswarm.swarm.known.Fact;

/** Decides how long to wait for a release. All times are seconds since its start. */
public final class Patience {

	/** A replica without a health check counts as running before it has done anything. */
	private static final long CALM = 5;

	/** A node may be about to come back. */
	private static final long STUCK = 30;

	/** What became of the other services is worth knowing too. */
	private static final long AFTER_A_FAILURE = 60;

	private static final long SILENCE = 30;

	private final long limit;

	private final Map<String, Long> stuck = new HashMap<>();

	private long calm = -1;

	private long failed = -1;

	public Patience(long limit) {
		this.limit = limit;
	}

	/** What to do next. */
	public sealed interface Decision {

		/** Ask again. */
		record Wait() implements Decision {
		}

		/** All services have converged. */
		record Done() implements Decision {
		}

		/**
		 * The release failed.
		 *
		 * @param steps the services that failed
		 */
		record Failed(List<Step> steps) implements Decision {
		}

		/**
		 * No manager says how the release went.
		 *
		 * @param reason why not
		 */
		record Unknown(String reason) implements Decision {
		}

	}

	/** Decides from one answer after another. */
	public Decision decide(long now, Fact<List<Step>> answer) {
		return answer.fold((steps) -> decideKnown(now, steps), (reason) -> {
			this.calm = -1;
			return (now > this.limit + SILENCE) ? new Decision.Unknown(reason) : new Decision.Wait();
		});
	}

	private Decision decideKnown(long now, List<Step> steps) {
		List<Step> failures = new ArrayList<>();
		List<Step> open = new ArrayList<>();
		for (Step step : steps) {
			long since = step.is(State.STUCK) ? this.stuck.computeIfAbsent(step.service(), (name) -> now) : now;
			if (!step.is(State.STUCK)) {
				this.stuck.remove(step.service());
			}
			if (step.is(State.FAILED) || now - since >= STUCK) {
				failures.add(step);
			}
			else if (!step.is(State.CONVERGED)) {
				open.add(step);
			}
		}
		this.failed = failures.isEmpty() ? -1 : (this.failed < 0) ? now : this.failed;
		if (!failures.isEmpty() && (open.isEmpty() || now - this.failed >= AFTER_A_FAILURE)) {
			return new Decision.Failed(failures);
		}
		if (now > this.limit && !open.isEmpty()) {
			return new Decision.Failed(Stream.concat(failures.stream(), open.stream().map(this::late)).toList());
		}
		boolean converged = failures.isEmpty() && open.isEmpty();
		this.calm = converged ? ((this.calm < 0) ? now : this.calm) : -1;
		return (converged && now - this.calm >= CALM) ? new Decision.Done() : new Decision.Wait();
	}

	private Step late(Step step) {
		return step.failed(
				"is not complete after " + this.limit + " s" + (step.reason().isEmpty() ? "" : ": " + step.reason()));
	}

}

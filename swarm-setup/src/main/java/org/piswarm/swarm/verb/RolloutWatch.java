package org.piswarm.swarm.verb;

import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.piswarm.swarm.docker.SwarmState;
import org.piswarm.swarm.judge.Patience;
import org.piswarm.swarm.judge.Patience.Decision;
import org.piswarm.swarm.judge.Rollout;
import org.piswarm.swarm.judge.Step;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.pis.Pi;

/**
 * Waits until a release has converged, or says why it does not.
 *
 * @param stack the name of the stack
 * @param scout asks the managers
 * @param managers the managers of the Swarm
 * @param report explains failures
 */
record RolloutWatch(String stack, Scout scout, List<Pi> managers, FailureReport report) {

	private static final String WAITING = "the services";

	/**
	 * Each answer costs a second of a small Pi's processor, which has replicas to start.
	 */
	private static final long PAUSE_SECONDS = 2;

	/** Returns what to say once all services have converged. */
	String await(Rollout rollout, long limitSeconds) {
		Patience patience = new Patience(limitSeconds);
		long start = System.nanoTime();
		String shown = "";
		this.scout.progress().begin(WAITING);
		while (true) {
			SwarmState state = this.scout.state(this.managers).state();
			Fact<List<Step>> steps = rollout.steps(state);
			String line = steps.value().map(RolloutWatch::show).orElse(shown);
			if (!line.equals(shown)) {
				this.scout.progress().say(line);
				shown = line;
			}
			Decision decision = patience.decide(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start), steps);
			if (!(decision instanceof Decision.Wait)) {
				this.scout.progress().end(WAITING);
			}
			if (decision instanceof Decision.Done) {
				return done(rollout, state);
			}
			if (decision instanceof Decision.Failed failed) {
				this.report.print(failed.steps(), state);
				this.report.printOutcome(rollout, state);
				throw new Failure("the release of " + this.stack + " failed: "
						+ failed.steps()
							.stream()
							.map((step) -> step.service() + ": " + step.reason())
							.collect(Collectors.joining("; ")));
			}
			if (decision instanceof Decision.Unknown unknown) {
				throw new Failure("whether " + this.stack + " was deployed is unknown: " + unknown.reason()
						+ ". 'swarm status' says what runs");
			}
			pause();
		}
	}

	private String done(Rollout rollout, SwarmState state) {
		Set<Boolean> jobs = state.services()
			.map((services) -> services.stream()
				.filter((service) -> rollout.services().contains(service.name()))
				.map((service) -> service.mode().isJob())
				.collect(Collectors.toSet()))
			.value()
			.orElse(Set.of());
		if (!jobs.contains(true)) {
			return "all replicas of " + this.stack + " run";
		}
		return jobs.contains(false) ? "all replicas of " + this.stack + " run, and all of its jobs have completed"
				: "all jobs of " + this.stack + " have completed";
	}

	private static String show(List<Step> steps) {
		return steps.stream().map(Step::show).collect(Collectors.joining("   "));
	}

	private static void pause() {
		try {
			TimeUnit.SECONDS.sleep(PAUSE_SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new Failure("interrupted: run it again to finish");
		}
	}

}

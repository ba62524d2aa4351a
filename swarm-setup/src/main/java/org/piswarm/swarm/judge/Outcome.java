package org.piswarm.swarm.judge;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;
import org.piswarm.swarm.docker.Service;
import org.piswarm.swarm.docker.ServiceCount;
import org.piswarm.swarm.docker.SwarmState;
import org.piswarm.swarm.known.Fact;

/**
 * What became of a release that failed: a part of it may run.
 *
 * @param rollout the release
 */
public record Outcome(Rollout rollout) {

	/** What of the stack runs now, one line for each service. */
	public Fact<List<String>> lines(SwarmState now) {
		return now.counts().map((counts) -> {
			Set<String> names = new TreeSet<>(this.rollout.services());
			names.addAll(this.rollout.before().keySet());
			return names.stream()
				.map((name) -> counts.stream()
					.filter((count) -> count.service().name().equals(name))
					.findFirst()
					.map(this::line)
					.orElse(name + ": " + (this.rollout.before().containsKey(name) ? "was removed" : "does not exist")))
				.toList();
		});
	}

	private String line(ServiceCount count) {
		Service service = count.service();
		Service old = this.rollout.before().get(service.name());
		String what = switch (service.update()) {
			case "updating" -> "the update is in progress";
			case "rollback_started" -> "the rollback is in progress";
			case "paused" -> "the update is paused: replicas of both releases may run";
			case "rollback_paused" -> "the rollback is paused: replicas of both releases may run";
			default -> settled(service, old);
		};
		return service.name() + ": " + what + "; " + count.done() + " of " + count.wanted()
				+ (service.mode().isJob() ? " tasks of the job have completed" : " replicas run");
	}

	private String settled(Service service, @Nullable Service old) {
		if (this.rollout.wasRolledBack(service)) {
			return "rolled back to the previous release";
		}
		if (old == null) {
			return "new";
		}
		return old.release().spec().equals(service.release().spec()) ? "unchanged" : "updated";
	}

}

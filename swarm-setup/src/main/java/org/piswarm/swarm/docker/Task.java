package org.piswarm.swarm.docker;

import java.util.Set;

/**
 * A task as a manager knows it.
 *
 * @param id its ID
 * @param serviceId the ID of its service
 * @param nodeId the ID of its node; empty if it has none yet
 * @param state what it does
 * @param desiredState what it must do
 * @param iteration of a job: the start to which it belongs
 * @param reserved what it reserves on its node
 * @param since when it came into its state
 * @param error what is wrong with it; empty if nothing is
 * @param message what Swarm says of its state
 */
public record Task(String id, String serviceId, String nodeId, String state, String desiredState, int iteration,
		Resources reserved, String since, String error, String message) {

	/** The states of a task that has ended, or never started. */
	private static final Set<String> ENDED = Set.of("complete", "shutdown", "failed", "rejected", "remove", "orphaned");

	static Task from(Json json) {
		return new Task(json.id("ID"), json.id("ServiceID"), json.text("NodeID", ""), json.text("Status.State"),
				json.text("DesiredState"), json.number("JobIteration.Index", 0),
				Resources.from(json.at("Spec.Resources.Reservations")), json.text("Status.Timestamp", ""),
				json.text("Status.Err", ""), json.text("Status.Message", ""));
	}

	/** Whether its program failed, or a node refused it. */
	public boolean hasFailed() {
		return this.state.equals("failed") || this.state.equals("rejected");
	}

	public boolean hasEnded() {
		return ENDED.contains(this.state);
	}

	/** Whether it runs and must do so. */
	public boolean isRunning() {
		return this.state.equals("running") && this.desiredState.equals("running");
	}

}

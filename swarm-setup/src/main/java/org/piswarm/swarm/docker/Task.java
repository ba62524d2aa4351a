package org.piswarm.swarm.docker;

/**
 * A task as a manager knows it.
 *
 * @param serviceId the ID of its service
 * @param nodeId the ID of its node; empty if it has none yet
 * @param state what it does
 * @param desiredState what it must do
 * @param iteration of a job: the start to which it belongs
 */
public record Task(String serviceId, String nodeId, String state, String desiredState, int iteration) {

	static Task from(Json json) {
		return new Task(json.id("ServiceID"), json.text("NodeID", ""), json.text("Status.State"),
				json.text("DesiredState"), json.number("JobIteration.Index", 0));
	}

}

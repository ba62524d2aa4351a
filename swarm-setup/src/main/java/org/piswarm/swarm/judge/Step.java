package org.piswarm.swarm.judge;

import java.util.Optional;

import org.piswarm.swarm.docker.Task;

/**
 * How far a service is with a release.
 *
 * @param service its name
 * @param tasks how many of its tasks run or have completed, such as {@code 1/2}
 * @param update the state of its update; empty if there is none
 * @param state how far it is
 * @param reason why it failed or does not go on; empty if it does
 * @param cause the task that shows why, if one does
 */
public record Step(String service, String tasks, String update, State state, String reason, Optional<Task> cause) {

	/** How far a service is. */
	public enum State {

		CONVERGED, OPEN,
		/** It does not go on by itself, unless something else changes soon. */
		STUCK, FAILED

	}

	Step failed(String why) {
		return new Step(this.service, this.tasks, this.update, State.FAILED, why, this.cause);
	}

	boolean is(State wanted) {
		return this.state == wanted;
	}

	/** Its tasks, and an update that is more than done. */
	public String show() {
		return this.service + " " + this.tasks
				+ ((this.update.isEmpty() || this.update.equals("completed")) ? "" : " (" + this.update + ")");
	}

}

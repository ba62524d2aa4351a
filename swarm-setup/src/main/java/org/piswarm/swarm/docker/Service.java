package org.piswarm.swarm.docker;

/**
 * A service as a manager knows it.
 *
 * @param id its ID
 * @param name its name
 * @param image its image
 * @param mode how many tasks it has
 * @param replicas how many replicas are asked for, or how many completions of a job
 * @param iteration of a job: how often it was started
 * @param update the state of its last update; empty if there was none
 * @param placement where its tasks may run
 * @param stack the stack that it belongs to; empty if none
 */
public record Service(String id, String name, String image, Mode mode, int replicas, int iteration, String update,
		Placement placement, String stack) {

	/** How many tasks a service has. */
	public enum Mode {

		/** A number of replicas that run. */
		REPLICATED,
		/** One task on each node. */
		GLOBAL,
		/** A number of tasks that end. */
		REPLICATED_JOB,
		/** One task on each node that ends. */
		GLOBAL_JOB;

		public boolean isJob() {
			return this == REPLICATED_JOB || this == GLOBAL_JOB;
		}

	}

	static Service from(Json json) {
		Json spec = json.at("Spec.Mode");
		Mode mode;
		int replicas = 0;
		if (spec.at("Replicated").exists()) {
			mode = Mode.REPLICATED;
			replicas = spec.number("Replicated.Replicas", 1);
		}
		else if (spec.at("ReplicatedJob").exists()) {
			mode = Mode.REPLICATED_JOB;
			replicas = spec.number("ReplicatedJob.TotalCompletions", 1);
		}
		else if (spec.at("Global").exists()) {
			mode = Mode.GLOBAL;
		}
		else if (spec.at("GlobalJob").exists()) {
			mode = Mode.GLOBAL_JOB;
		}
		else {
			throw new Json.Invalid("Spec.Mode is missing");
		}
		return new Service(json.id("ID"), json.text("Spec.Name"), json.text("Spec.TaskTemplate.ContainerSpec.Image"),
				mode, replicas, json.number("JobStatus.JobIteration.Index", 0), json.text("UpdateStatus.State", ""),
				Placement.from(json.at("Spec.TaskTemplate")),
				json.texts("Spec.Labels").getOrDefault("com.docker.stack.namespace", ""));
	}

}

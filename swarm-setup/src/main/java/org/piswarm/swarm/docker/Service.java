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
 * @param release the release of its stack
 */
public record Service(String id, String name, String image, Mode mode, int replicas, int iteration, String update,
		Placement placement, Release release) {

	/**
	 * What a stack file has made of a service.
	 *
	 * @param stack the name of its stack; empty if it belongs to none
	 * @param spec all that was asked for, as JSON
	 * @param previousImage the image to which Swarm can roll back; empty if there is none
	 * @param updateStarted when its last update was started; empty if there was none
	 */
	public record Release(String stack, String spec, String previousImage, String updateStarted) {

		static Release from(Json json) {
			return new Release(json.texts("Spec.Labels").getOrDefault("com.docker.stack.namespace", ""),
					json.at("Spec").source(), json.text("PreviousSpec.TaskTemplate.ContainerSpec.Image", ""),
					json.text("UpdateStatus.StartedAt", ""));
		}

	}

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
				Placement.from(json.at("Spec.TaskTemplate")), Release.from(json));
	}

}

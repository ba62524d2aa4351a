package org.piswarm.swarm.docker;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How many tasks of a service run, or have completed, and where.
 *
 * @param service the service
 * @param done the number of tasks that run or, of a job, have completed
 * @param wanted how many there must be
 * @param places the number on each node
 */
public record ServiceCount(Service service, int done, int wanted, Map<String, Integer> places) {

	/**
	 * Counts the tasks of a service. Docker reports a task on a node that is down as
	 * running until its replacement starts; it is not counted.
	 */
	public static ServiceCount of(Service service, List<Task> tasks, List<Node> nodes) {
		List<Task> own = tasks.stream()
			.filter((task) -> task.serviceId().equals(service.id()))
			.filter((task) -> task.iteration() == service.iteration())
			.toList();
		boolean job = service.mode().isJob();
		Map<String, Integer> places = new TreeMap<>();
		own.stream()
			.filter((task) -> job ? task.state().equals("complete") : task.isRunning())
			.forEach((task) -> nodes.stream()
				.filter((node) -> node.id().equals(task.nodeId()) && (job || !node.state().equals("down")))
				.forEach((node) -> places.merge(node.hostname(), 1, Integer::sum)));
		int wanted = switch (service.mode()) {
			case REPLICATED, REPLICATED_JOB -> service.replicas();
			case GLOBAL -> (int) own.stream().filter((task) -> task.desiredState().equals("running")).count();
			case GLOBAL_JOB -> (int) own.stream().map(Task::nodeId).distinct().count();
		};
		return new ServiceCount(service, places.values().stream().mapToInt(Integer::intValue).sum(), wanted, places);
	}

	/** The nodes that run its tasks, such as {@code pi1 pi2(2)}. */
	public String where() {
		return this.places.entrySet()
			.stream()
			.map((place) -> place.getKey() + ((place.getValue() > 1) ? "(" + place.getValue() + ")" : ""))
			.collect(Collectors.joining(" "));
	}

	public List<String> cells() {
		String where = where();
		return List.of(this.service.name(), this.done + "/" + this.wanted, where.isEmpty() ? "-" : where,
				this.service.update().isEmpty() ? "-" : this.service.update(), this.service.image());
	}

	/** What is wrong with the number of tasks. */
	public Optional<String> shortage() {
		if (this.done == this.wanted) {
			return Optional.empty();
		}
		return Optional.of(this.service.name() + ": " + this.done + " of " + this.wanted
				+ (this.service.mode().isJob() ? " tasks of the job have completed" : " replicas run"));
	}

	/** What must still happen until it has converged. */
	public Optional<String> open() {
		String update = this.service.update();
		return (update.equals("updating") || update.equals("rollback_started"))
				? Optional.of(this.service.name() + ": an update is in progress") : shortage();
	}

	/** What is wrong with the last update. */
	public Optional<String> badUpdate() {
		String update = this.service.update();
		return (update.contains("paused") || update.startsWith("rollback"))
				? Optional.of(this.service.name() + ": the state of its last update is " + update) : Optional.empty();
	}

}

package org.piswarm.swarm.judge;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.piswarm.swarm.docker.Service;
import org.piswarm.swarm.docker.ServiceCount;
import org.piswarm.swarm.docker.SwarmState;
import org.piswarm.swarm.docker.Task;
import org.piswarm.swarm.judge.Step.State;
import org.piswarm.swarm.known.Fact;

/**
 * A release of a stack, compared with what was so before.
 *
 * @param services the services of the release
 * @param before the services of the stack before, by name
 * @param failed the IDs of tasks that had failed before
 */
public record Rollout(Set<String> services, Map<String, Service> before, Set<String> failed) {

	/** A replica may fail twice, for example while the service that it needs starts. */
	private static final int TOO_MANY_FAILURES = 3;

	/**
	 * The state before a release.
	 * @param stack the name of the stack
	 * @param names the names of its services in the files
	 */
	public static Fact<Rollout> begin(String stack, Set<String> names, SwarmState state) {
		Set<String> services = names.stream()
			.map((name) -> stack + "_" + name)
			.collect(Collectors.toCollection(TreeSet::new));
		return state.services().flatMap((list) -> state.tasks().map((tasks) -> {
			Map<String, Service> before = new HashMap<>();
			list.stream()
				.filter((service) -> service.release().stack().equals(stack))
				.forEach((service) -> before.put(service.name(), service));
			return new Rollout(services, before,
					tasks.stream().filter(Task::hasFailed).map(Task::id).collect(Collectors.toSet()));
		}));
	}

	/** The services that the stack has, and its files do not. */
	public List<String> leftOut() {
		return this.before.keySet().stream().filter((name) -> !this.services.contains(name)).sorted().toList();
	}

	/** How far each service is. */
	public Fact<List<Step>> steps(SwarmState now) {
		return now.counts().flatMap((counts) -> now.tasks().map((tasks) -> {
			List<Step> steps = new ArrayList<>();
			for (String name : this.services) {
				steps.add(counts.stream()
					.filter((count) -> count.service().name().equals(name))
					.findFirst()
					.map((count) -> step(count, tasks))
					.orElse(new Step(name, "0/0", "", State.STUCK, "it does not exist", Optional.empty())));
			}
			return steps;
		}));
	}

	private Step step(ServiceCount count, List<Task> all) {
		Service service = count.service();
		String update = service.update();
		List<Task> tasks = all.stream()
			.filter((task) -> task.serviceId().equals(service.id()) && task.iteration() == service.iteration())
			.toList();
		List<Task> failures = tasks.stream()
			.filter((task) -> task.hasFailed() && !this.failed.contains(task.id()))
			.sorted(Comparator.comparing(Task::since))
			.toList();
		Optional<Task> failure = failures.stream().reduce((first, second) -> second);
		Optional<Task> pending = tasks.stream()
			.filter((task) -> task.state().equals("pending") && !task.error().isEmpty())
			.findFirst();
		if (update.endsWith("paused")) {
			return step(count, State.FAILED, "Swarm has paused the "
					+ (update.startsWith("rollback") ? "rollback" : "update") + ": replicas of both releases may run",
					failure);
		}
		if (wasRolledBack(service)) {
			return step(count, State.FAILED, "Swarm rolled the release back; the previous one runs", failure);
		}
		// An update waits for it too.
		if (pending.isPresent()) {
			return step(count, State.STUCK, "no node can take it", pending);
		}
		if (update.equals("updating") || update.equals("rollback_started")) {
			return step(count, State.OPEN, "", failure);
		}
		if (count.done() == count.wanted()) {
			return step(count, State.CONVERGED, "", Optional.empty());
		}
		if (failures.size() >= TOO_MANY_FAILURES) {
			return step(count, State.FAILED, "its replicas fail again and again", failure);
		}
		if (!tasks.isEmpty() && tasks.stream().noneMatch(Rollout::goesOn)) {
			return step(count, State.STUCK, "its tasks have ended, and its restart policy starts no others",
					failure.or(() -> tasks.stream().max(Comparator.comparing(Task::since))));
		}
		return step(count, State.OPEN, "", failure);
	}

	private static Step step(ServiceCount count, State state, String reason, Optional<Task> cause) {
		return new Step(count.service().name(), count.done() + "/" + count.wanted(), count.service().update(), state,
				reason, cause);
	}

	private static boolean goesOn(Task task) {
		return !task.hasEnded() && !task.desiredState().equals("shutdown") && !task.desiredState().equals("remove");
	}

	/** Swarm reports a rollback until the next update, so it may be an old one. */
	boolean wasRolledBack(Service service) {
		Service old = this.before.get(service.name());
		return service.update().equals("rollback_completed")
				&& (old == null || !old.release().updateStarted().equals(service.release().updateStarted()));
	}

}

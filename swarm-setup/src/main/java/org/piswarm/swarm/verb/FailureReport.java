package org.piswarm.swarm.verb;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import org.piswarm.swarm.docker.Service;
import org.piswarm.swarm.docker.SwarmState;
import org.piswarm.swarm.docker.Task;
import org.piswarm.swarm.judge.Outcome;
import org.piswarm.swarm.judge.Rollout;
import org.piswarm.swarm.judge.Step;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.ssh.Script;
import org.piswarm.swarm.ssh.Ssh;
import org.piswarm.swarm.terminal.Text;

/**
 * Says why services failed, and what runs now.
 *
 * @param ssh the connections
 * @param manager has the logs of all services
 * @param out where to
 */
record FailureReport(Ssh ssh, Pi manager, PrintStream out) {

	private static final Duration DEADLINE = Duration.ofSeconds(40);

	void print(List<Step> steps, SwarmState state) {
		for (Step step : steps) {
			line("");
			line(step.service() + ": " + step.reason());
			step.cause().or(() -> latest(step, state)).ifPresent(this::print);
		}
	}

	/** What runs now of the stack, service by service. */
	void printOutcome(Rollout rollout, SwarmState state) {
		line("");
		new Outcome(rollout).lines(state).fold((lines) -> {
			line("What runs now:");
			lines.forEach((text) -> line("  " + text));
			return lines;
		}, (reason) -> {
			line("What runs now is unknown: " + reason + ". 'swarm status' shows it");
			return List.of();
		});
	}

	/** The latest task that must run. */
	private static Optional<Task> latest(Step step, SwarmState state) {
		return state.services()
			.flatMap((services) -> state.tasks().map((tasks) -> latest(step, services, tasks)))
			.value()
			.flatMap((task) -> task);
	}

	private static Optional<Task> latest(Step step, List<Service> services, List<Task> tasks) {
		return services.stream()
			.filter((service) -> service.name().equals(step.service()))
			.flatMap((service) -> tasks.stream().filter((task) -> task.serviceId().equals(service.id())))
			.filter((task) -> task.desiredState().equals("running"))
			.max(Comparator.comparing(Task::since));
	}

	private void print(Task task) {
		String error = task.error().isEmpty() ? task.message() : task.error();
		line("  " + task.state() + ": " + error);
		if (error.contains("No such image")) {
			line("  a node does not have the image and could not pull it: is the name right, can the Pi reach the registry, "
					+ "does it require a login, is it made for the Pi's processor?");
		}
		if (error.contains("insufficient resources")) {
			line("  no node has as much memory left as the file reserves: 'swarm status' shows what is free");
		}
		String log = "";
		// Otherwise it was never started.
		if (!task.nodeId().isEmpty()) {
			line("  the last lines of its log:");
			log = this.ssh.call(this.manager, Script.TASK_LOG.with(task.id()), DEADLINE)
				.fold((reply) -> reply.out(), (reason) -> "unknown: " + reason);
			log.lines().forEach((text) -> line("    " + text));
		}
		if (isOfAnotherProcessor(error) || isOfAnotherProcessor(log)) {
			line("  the image is not made for this Pi's processor: build it for arm64 and amd64");
		}
	}

	private static boolean isOfAnotherProcessor(String text) {
		return text.contains("unsupported platform") || text.contains("exec format error");
	}

	private void line(String text) {
		this.out.println(Text.safe(text));
	}

}

package org.piswarm.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.Option;

/**
 * The project's stack.yml on the Swarm, used as a Swarm user would.
 *
 * @param name the first part of its services' names
 */
record Stack(String name) {

	static final Duration CONVERGENCE = Duration.ofMinutes(4);

	private static final Configuration MISSING_IS_NULL = Configuration.defaultConfiguration()
		.addOptions(Option.SUPPRESS_EXCEPTIONS);

	/**
	 * The stack as it comes, but with the consumer on a certain node, so that a test
	 * knows whose outage it sees; the one that is there already, if the test before left
	 * it whole.
	 */
	static Stack withConsumerOn(Pi node) {
		Stack stack = new Stack("numbers");
		if (!stack.isWhole()) {
			removeAll();
			long start = System.nanoTime();
			deploy(stack.name, Map.of(), file().replaceFirst("(?s)( consumer:.*?placement:)",
					"$1\n        constraints: [" + on(node) + "]"));
			Report.figure("Stack: from deploy to all replicas healthy",
					Report.seconds(Duration.ofNanos(System.nanoTime() - start)));
		}
		else if (!stack.nodes("consumer").contains(node.name())) {
			String others = Pi.ALL.stream()
				.filter((pi) -> !pi.equals(node))
				.map((pi) -> "--constraint-rm " + on(pi))
				.collect(Collectors.joining(" "));
			stack.update("consumer", others + " --constraint-add " + on(node) + " --update-monitor 1s").orFail();
			stack.awaitReplicas();
			if (!stack.nodes("consumer").contains(node.name())) {
				throw new AssertionError("the consumer has not moved to " + node.name());
			}
		}
		Wait.until("numbers arrive", Duration.ofMinutes(1), () -> counts(node).received() >= 2);
		return stack;
	}

	private boolean isWhole() {
		List<Service> services = services();
		return services.size() == 2 && services.stream().allMatch(Service::hasConverged)
				&& services.stream().mapToInt(Service::desired).sum() == 3;
	}

	private static String on(Pi node) {
		return "node.hostname==" + node.name();
	}

	/**
	 * Deploys and waits until all replicas run.
	 * @param variables what the file is to find in the environment
	 * @param file the text of stack.yml
	 */
	static Stack deploy(String name, Map<String, String> variables, String file) {
		Stack stack = new Stack(name);
		StringBuilder line = new StringBuilder("REGISTRY=%s TAG=%s ".formatted(Settings.REGISTRY, Settings.FIRST));
		variables.forEach((variable, value) -> line.append(variable).append('=').append(value).append(' '));
		// The nodes hold the images; nobody need be asked for them.
		line.append("docker stack deploy --detach=true --resolve-image never --compose-file - ").append(name);
		Pi.MANAGER.tryTo(line.toString(), file).orFail();
		stack.awaitReplicas();
		return stack;
	}

	/** The project's stack.yml. */
	static String file() {
		try {
			return Files.readString(Settings.PROJECT.resolve("stack.yml"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static void removeAll() {
		List<String> names = lines("docker stack ls --format '{{.Name}}'");
		if (names.isEmpty()) {
			return;
		}
		Pi.MANAGER.run("docker stack rm " + String.join(" ", names));
		// The command comes back before the networks are gone, and a deploy would trip
		// over them.
		Wait.until("stacks are removed", Duration.ofMinutes(2),
				() -> lines("docker network ls --filter label=com.docker.stack.namespace --quiet").isEmpty() && Pi.ALL
					.stream()
					.filter(Pi::answers)
					.allMatch((pi) -> pi.run("docker ps --quiet --filter label=com.docker.swarm.task").isEmpty()));
	}

	/**
	 * Waits until every service runs as many replicas as it should, and no update goes
	 * on.
	 */
	Duration awaitReplicas() {
		return Wait.until("the services of " + this.name + " have converged", CONVERGENCE, () -> {
			List<Service> services = services();
			return !services.isEmpty() && services.stream().allMatch(Service::hasConverged);
		});
	}

	/** The state of a service's last update, empty if there was none. */
	String updateState(String service) {
		return services().stream()
			.filter((candidate) -> candidate.name.equals(service(service)))
			.findFirst()
			.orElseThrow().update;
	}

	/** By name. Docker's command line would take seconds on such a small machine. */
	private List<Service> services() {
		String json = Pi.MANAGER
			.run("curl --silent --fail --unix-socket /run/docker.sock 'http://docker/v1.43/services?status=true'");
		List<Map<String, Object>> all = JsonPath.read(json, "$[*]");
		return all.stream()
			.map(Service::of)
			.filter((service) -> service.name.startsWith(this.name + "_"))
			.sorted(Comparator.comparing(Service::name))
			.toList();
	}

	/**
	 * How a service stands.
	 *
	 * @param update the state of its last update, empty if there was none
	 */
	private record Service(String name, int running, int desired, String update) {

		static Service of(Map<String, Object> json) {
			DocumentContext service = JsonPath.parse(json, MISSING_IS_NULL);
			String update = service.read("$.UpdateStatus.State");
			return new Service(service.read("$.Spec.Name"), service.read("$.ServiceStatus.RunningTasks"),
					service.read("$.ServiceStatus.DesiredTasks"), (update != null) ? update : "");
		}

		boolean hasConverged() {
			return this.running == this.desired && !this.update.equals("updating")
					&& !this.update.equals("rollback_started");
		}

	}

	String service(String service) {
		return this.name + "_" + service;
	}

	/** Changes a service, and comes back when Swarm says how that ended. */
	Command.Result update(String service, String options) {
		return Pi.MANAGER
			.tryTo("docker service update --quiet --no-resolve-image %s %s".formatted(options, service(service)), "");
	}

	void updateImage(String service, String tag) {
		update(service, "--image %s/%s:%s".formatted(Settings.REGISTRY, service, tag)).orFail();
	}

	void scale(String service, int replicas) {
		Pi.MANAGER.run("docker service scale --detach %s=%d".formatted(service(service), replicas));
		awaitReplicas();
	}

	/** The nodes on which the running tasks of a service are. */
	List<String> nodes(String service) {
		return lines("docker service ps --filter desired-state=running --format '{{.Node}} {{.CurrentState}}' "
				+ service(service))
			.stream()
			.filter((line) -> line.contains(" Running "))
			.map((line) -> line.split(" ")[0])
			.toList();
	}

	/** The consumer's counts, asked on a node. */
	static Counts counts(Pi node) {
		return counts(node.consumerUrl("/api/stats"));
	}

	static Counts counts(String url) {
		String json = Http.get(url).body();
		return new Counts(JsonPath.read(json, "$.polls"), JsonPath.read(json, "$.received"),
				JsonPath.read(json, "$.failed"), JsonPath.read(json, "$.invalid"), JsonPath.read(json, "$.retried"),
				JsonPath.read(json, "$.replicas"));
	}

	static List<String> lines(String command) {
		return Pi.MANAGER.run(command).lines().map(String::strip).filter((line) -> !line.isEmpty()).toList();
	}

	record Counts(int polls, int received, int failed, int invalid, int retried, Map<String, Integer> replicas) {

	}

}

package org.piswarm.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.Option;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The project's stack.yml, deployed and changed with Docker's own commands.
 *
 * @param name the first part of its services' names
 */
record Stack(String name) {

	static final Duration CONVERGENCE = Duration.ofMinutes(4);

	private static final Configuration MISSING_IS_NULL = Configuration.defaultConfiguration()
		.addOptions(Option.SUPPRESS_EXCEPTIONS);

	private static final String CONNECTION_LIFE = "CONSUMER_CONNECTION_LIFE";

	/**
	 * The stack, with its consumer on the given node, so that a test knows whose outage
	 * the consumer reports. Keeps what the previous test deployed if it is complete.
	 */
	static Stack withConsumerOn(Pi node) {
		return withConsumerOn(node, false);
	}

	/** The same, with a consumer that opens a new connection every 10 s. */
	static Stack withShortConnectionsOn(Pi node) {
		return withConsumerOn(node, true);
	}

	private static Stack withConsumerOn(Pi node, boolean shortConnections) {
		Stack stack = new Stack("numbers");
		List<Service> services = stack.services();
		if (!isComplete(services)) {
			removeAll();
			long start = System.nanoTime();
			String file = shortConnections ? fileWithShortConnections() : file();
			deploy(stack.name, Map.of(),
					file.replaceFirst("(?s)( consumer:.*?placement:)", "$1\n        constraints: [" + on(node) + "]"));
			Report.figure("Stack: from deploy to all replicas healthy",
					Report.seconds(Duration.ofNanos(System.nanoTime() - start)));
		}
		else {
			Service consumer = stack.find(services, "consumer");
			if (!consumer.constraints.equals(Set.of(on(node))) || consumer.hasShortConnections() != shortConnections) {
				stack.changeConsumer(node, shortConnections);
			}
		}
		Wait.until("the consumer receives numbers", Duration.ofMinutes(1), () -> counts(node).received() >= 2);
		return stack;
	}

	/** Node and environment in one update: each update starts a new consumer. */
	private void changeConsumer(Pi node, boolean shortConnections) {
		String others = Pi.ALL.stream()
			.filter((pi) -> !pi.equals(node))
			.map((pi) -> "--constraint-rm " + on(pi))
			.collect(Collectors.joining(" "));
		String environment = shortConnections ? "--env-add " + CONNECTION_LIFE + "=10s" : "--env-rm " + CONNECTION_LIFE;
		update("consumer", "%s --constraint-add %s %s --update-monitor 1s".formatted(others, on(node), environment))
			.orFail();
		awaitReplicas();
		if (!nodes("consumer").equals(List.of(node.name()))) {
			throw new AssertionError("the consumer has not moved to " + node.name());
		}
	}

	private static boolean isComplete(List<Service> services) {
		return services.size() == 2 && services.stream().allMatch(Service::hasConverged)
				&& services.stream().mapToInt(Service::desired).sum() == 3;
	}

	private static String on(Pi node) {
		return "node.hostname==" + node.name();
	}

	/**
	 * Deploys a stack and waits until all replicas run.
	 * @param variables the environment variables that the file refers to
	 * @param file the text of the stack file
	 */
	static Stack deploy(String name, Map<String, String> variables, String file) {
		Stack stack = new Stack(name);
		StringBuilder line = new StringBuilder("REGISTRY=%s TAG=%s ".formatted(Settings.REGISTRY, Settings.FIRST));
		variables.forEach((variable, value) -> line.append(variable).append('=').append(value).append(' '));
		// The nodes hold the images already, and cannot reach the registry.
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

	/**
	 * stack.yml with a consumer that opens a new connection every 10 s. A new connection
	 * is what leads to another replica; with the default of 60 s a test that waits for
	 * other replicas would wait for minutes. NamesAndConnectionsTests in the consumer
	 * tests the default.
	 */
	static String fileWithShortConnections() {
		return file().replaceFirst("(?s)( consumer:.*?environment:)", "$1\n      " + CONNECTION_LIFE + ": 10s");
	}

	static void removeAll() {
		List<String> names = lines("docker stack ls --format '{{.Name}}'");
		if (names.isEmpty()) {
			return;
		}
		Pi.MANAGER.run("docker stack rm " + String.join(" ", names));
		// The command returns before the networks are removed, and a deployment would
		// fail on them.
		Wait.until("stacks are removed", Duration.ofMinutes(2),
				() -> lines("docker network ls --filter label=com.docker.stack.namespace --quiet").isEmpty() && Pi.ALL
					.stream()
					.filter(Pi::answers)
					.allMatch((pi) -> pi.run("docker ps --quiet --filter label=com.docker.swarm.task").isEmpty()));
	}

	/**
	 * Waits until each service runs as many replicas as it should and no update is in
	 * progress.
	 */
	Duration awaitReplicas() {
		return Wait.until("the services of " + this.name + " have converged", CONVERGENCE, () -> {
			List<Service> services = services();
			return !services.isEmpty() && services.stream().allMatch(Service::hasConverged);
		});
	}

	/** The state of a service's last update, empty if there was none. */
	String updateState(String service) {
		return find(services(), service).update;
	}

	private Service find(List<Service> services, String service) {
		return services.stream()
			.filter((candidate) -> candidate.name.equals(service(service)))
			.findFirst()
			.orElseThrow();
	}

	private List<Service> services() {
		List<Map<String, Object>> all = JsonPath.read(engine("services?status=true").get(0), "$[*]");
		return all.stream().map(Service::of).filter((service) -> service.name.startsWith(this.name + "_")).toList();
	}

	/**
	 * What the manager's engine answers, one line for each path. Docker's command line
	 * needs seconds to start on such a small machine, and curl does not.
	 */
	private static List<String> engine(String... paths) {
		return lines("curl --silent --fail --unix-socket /run/docker.sock " + Stream.of(paths)
			.map((path) -> "'http://docker/v1.43/" + path + "'")
			.collect(Collectors.joining(" ")));
	}

	/**
	 * A service of the stack.
	 *
	 * @param update the state of its last update, empty if there was none
	 */
	private record Service(String name, int running, int desired, String update, Set<String> constraints,
			List<String> environment) {

		static Service of(Map<String, Object> json) {
			DocumentContext service = JsonPath.parse(json, MISSING_IS_NULL);
			return new Service(service.read("$.Spec.Name"), service.read("$.ServiceStatus.RunningTasks"),
					service.read("$.ServiceStatus.DesiredTasks"), orElse(service.read("$.UpdateStatus.State"), ""),
					Set.copyOf(
							orElse(service.<List<String>>read("$.Spec.TaskTemplate.Placement.Constraints"), List.of())),
					orElse(service.read("$.Spec.TaskTemplate.ContainerSpec.Env"), List.of()));
		}

		private static <T> T orElse(@Nullable T value, T other) {
			return (value != null) ? value : other;
		}

		boolean hasConverged() {
			return this.running == this.desired && !this.update.equals("updating")
					&& !this.update.equals("rollback_started");
		}

		boolean hasShortConnections() {
			return this.environment.stream().anyMatch((variable) -> variable.startsWith(CONNECTION_LIFE + "="));
		}

	}

	String service(String service) {
		return this.name + "_" + service;
	}

	/** Updates a service and waits for the end of the update or of the rollback. */
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

	/** The nodes on which the replicas of a service run. */
	List<String> nodes(String service) {
		String filters = "{\"service\":[\"%s\"],\"desired-state\":[\"running\"]}".formatted(service(service));
		List<String> answers = engine("nodes", "tasks?filters=" + URLEncoder.encode(filters, StandardCharsets.UTF_8));
		List<String> ids = JsonPath.read(answers.get(1), "$[?(@.Status.State == 'running')].NodeID");
		return ids.stream()
			.map((id) -> JsonPath
				.<List<String>>read(answers.get(0), "$[?(@.ID == '%s')].Description.Hostname".formatted(id))
				.get(0))
			.toList();
	}

	/** The consumer's counts, asked for on a node. */
	static Counts counts(Pi node) {
		return counts(node.consumerUrl("/api/stats"));
	}

	/**
	 * Checks that no poll has ended without a number since then. If one has, the failure
	 * shows what the consumer has logged: it has the reason.
	 */
	void assertNoPollFailedSince(Counts before, Pi node) {
		int failed = counts(node).withoutNumber() - before.withoutNumber();
		assertThat(failed).as(() -> "polls without a number; the consumer's log: " + node
			.tryTo("docker logs --timestamps $(docker ps --quiet --filter label=com.docker.swarm.service.name="
					+ service("consumer") + ") 2>&1 | grep -v INFO | tail -n 5", "")
			.output()).isZero();
	}

	static Counts counts(String url) {
		String json = Http.get(url).body();
		return new Counts(JsonPath.read(json, "$.polls"), JsonPath.read(json, "$.received"),
				JsonPath.read(json, "$.failed"), JsonPath.read(json, "$.invalid"), JsonPath.read(json, "$.errors"),
				JsonPath.read(json, "$.retried"), JsonPath.read(json, "$.replicas"));
	}

	static List<String> lines(String command) {
		return Pi.MANAGER.run(command).lines().map(String::strip).filter((line) -> !line.isEmpty()).toList();
	}

	/** As in {@code /api/stats}. */
	record Counts(int polls, int received, int failed, int invalid, int errors, int retried,
			Map<String, Integer> replicas) {

		/** Polls that ended without a number, for any reason. */
		int withoutNumber() {
			return this.failed + this.invalid + this.errors;
		}

	}

}

package org.piswarm.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.jayway.jsonpath.JsonPath;
import org.jspecify.annotations.Nullable;

/**
 * The project's stack.yml on the Swarm, used as a Swarm user would.
 *
 * @param name the first part of its services' names
 */
record Stack(String name) {

	static final Duration CONVERGENCE = Duration.ofMinutes(4);

	/**
	 * The stack as it comes, with the consumer on a certain node, so that a test knows
	 * whose outage it sees; the one that is there already, if the test before left it so.
	 */
	static Stack withConsumerOn(Pi node) {
		Stack stack = new Stack("numbers");
		if (!stack.isAsItCame(node)) {
			removeAll();
			deploy("numbers", Settings.FIRST, Map.of(), node);
		}
		Wait.until("numbers arrive", Duration.ofMinutes(1), () -> counts(node).received() >= 2);
		return stack;
	}

	private boolean isAsItCame(Pi node) {
		List<String> services = lines(
				"docker stack services --format '{{.Image}} {{.Replicas}}' " + this.name + " | sort");
		return services
			.equals(List.of(Settings.REGISTRY + "/consumer:first 1/1", Settings.REGISTRY + "/producer:first 2/2"))
				&& Pi.MANAGER
					.run("docker service inspect --format '{{.Spec.TaskTemplate.Placement.Constraints}}' "
							+ service("consumer"))
					.contains(constraint(node));
	}

	private static String constraint(Pi node) {
		return "node.hostname==" + node.name();
	}

	/**
	 * Deploys and waits until all replicas run.
	 * @param variables what stack.yml is to find in the environment
	 */
	static Stack deploy(String name, Map<String, String> variables) {
		return deploy(name, Settings.FIRST, variables, null);
	}

	private static Stack deploy(String name, String tag, Map<String, String> variables, @Nullable Pi consumer) {
		Stack stack = new Stack(name);
		StringBuilder line = new StringBuilder("REGISTRY=%s TAG=%s ".formatted(Settings.REGISTRY, tag));
		variables.forEach((variable, value) -> line.append(variable).append('=').append(value).append(' '));
		// The nodes hold the images; nobody need be asked for them.
		line.append("docker stack deploy --detach=true --resolve-image never --compose-file - ").append(name);
		String file = file();
		if (consumer != null) {
			int placement = file.indexOf("placement:", file.indexOf("\n  consumer:")) + "placement:".length();
			file = file.substring(0, placement) + "\n        constraints: [" + constraint(consumer) + "]"
					+ file.substring(placement);
		}
		Pi.MANAGER.tryTo(line.toString(), file).orFail();
		stack.awaitReplicas();
		return stack;
	}

	private static String file() {
		try {
			return Files.readString(Settings.PROJECT.resolve("stack.yml"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static void removeAll() {
		for (String name : lines("docker stack ls --format '{{.Name}}'")) {
			Pi.MANAGER.run("docker stack rm " + name);
		}
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
			List<String> services = lines("docker stack services --format '{{.Replicas}}' " + this.name);
			return !services.isEmpty() && services.stream().allMatch(Stack::complete) && !updating();
		});
	}

	private static boolean complete(String replicas) {
		String[] counts = replicas.split("[/ ]");
		return counts[0].equals(counts[1]);
	}

	private boolean updating() {
		return Stream.of("producer", "consumer")
			.map(this::updateState)
			.anyMatch((state) -> state.equals("updating") || state.equals("rollback_started"));
	}

	/** The state of a service's last update, empty if there was none. */
	String updateState(String service) {
		return Pi.MANAGER.run("docker service inspect --format '{{if .UpdateStatus}}{{.UpdateStatus.State}}{{end}}' "
				+ service(service));
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
		return Pi.MANAGER.run(command).lines().filter((line) -> !line.isBlank()).toList();
	}

	record Counts(int polls, int received, int failed, int invalid, int retried, Map<String, Integer> replicas) {

	}

}

package org.piswarm.e2e;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The containers of a service, named as Docker does, such as {@code numbers_producer}.
 */
final class Containers {

	private Containers() {
	}

	/** All of them on a node, in a line of shell there. */
	static String of(String service) {
		return "$(docker ps --quiet --filter label=com.docker.swarm.service.name=%s)".formatted(service);
	}

	/**
	 * Runs a script by the bash of each container.
	 * @return what they print, line by line
	 */
	static List<String> inside(Stack stack, String service, String script) {
		return stack.nodes(service)
			.stream()
			.distinct()
			.flatMap((node) -> inside(Pi.named(node), stack.service(service), script))
			.toList();
	}

	static Stream<String> inside(Pi node, String service, String script) {
		return node
			.tryTo("script=$(cat); for each in %s; do docker exec $each bash -c \"$script\"; done"
				.formatted(of(service)), script)
			.orFail()
			.lines();
	}

	/**
	 * Kills the only one, which runs on the manager, and waits until Swarm has started
	 * another one.
	 */
	static void kill(String service) {
		String before = Pi.MANAGER.run("echo " + of(service));
		Pi.MANAGER.run("docker kill " + before);
		Wait.until("Swarm starts %s again".formatted(service), Duration.ofMinutes(1), () -> {
			String now = Pi.MANAGER.run("echo " + of(service));
			return !now.isEmpty() && !now.equals(before);
		});
	}

}

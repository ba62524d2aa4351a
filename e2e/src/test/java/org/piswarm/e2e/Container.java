package org.piswarm.e2e;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A running container.
 *
 * @param node the node on which it runs
 */
record Container(Pi node, String id) {

	static Container of(Stack stack, String service) {
		return allOf(stack, service).get(0);
	}

	static List<Container> allOf(Stack stack, String service) {
		List<Container> containers = new ArrayList<>();
		for (Pi pi : Pi.ALL) {
			pi.run("docker ps --quiet --no-trunc --filter label=com.docker.swarm.service.name="
					+ stack.service(service))
				.lines()
				.forEach((id) -> containers.add(new Container(pi, id)));
		}
		return containers;
	}

	String shell(String line) {
		return this.node.tryTo("docker exec --interactive " + this.id + " bash", line).orFail();
	}

	int attempt(String line) {
		return this.node.tryTo("docker exec --interactive " + this.id + " bash", line).exitCode();
	}

	long memory() {
		return Long.parseLong(shell("read -r memory </sys/fs/cgroup/memory.current; echo $memory"));
	}

	/**
	 * What its control group counts, less the pages of files that nothing has used
	 * recently.
	 */
	Memory workingMemory() {
		String group = "/sys/fs/cgroup/system.slice/docker-" + this.id + ".scope/memory.";
		Map<String, Long> values = new HashMap<>();
		this.node.run("echo current $(cat %scurrent); cat %sstat".formatted(group, group))
			.lines()
			.map((line) -> line.split(" "))
			.forEach((pair) -> values.put(pair[0], Long.valueOf(pair[1])));
		return new Memory(
				Objects.requireNonNull(values.get("current")) - Objects.requireNonNull(values.get("inactive_file")),
				Objects.requireNonNull(values.get("anon")));
	}

	/**
	 * Memory in bytes.
	 *
	 * @param anonymous the part that no file backs
	 */
	record Memory(long all, long anonymous) {

	}

}

package org.piswarm.swarm.stack;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys of services that Compose supports and Swarm does not. */
public final class ComposeKeys {

	private static final Set<String> IGNORED = Set.of("build", "depends_on", "cgroupns_mode", "cgroup_parent",
			"container_name", "devices", "domainname", "expose", "external_links", "ipc", "links", "mac_address",
			"network_mode", "pid", "privileged", "restart", "security_opt", "shm_size", "tmpfs", "userns_mode");

	/** Docker does not say which of them it has found. */
	private static final Pattern FORBIDDEN = Pattern.compile("(?m)(?:^ *|[{,] *)\"?"
			+ "(cpu_quota|cpu_shares|cpuset|mem_limit|memswap_limit|volume_driver|volumes_from)\"? *:");

	private ComposeKeys() {
	}

	/** A line for each key that Swarm drops, mostly without a message. */
	public static List<String> ignored(Stack stack) {
		return stack.keys()
			.stream()
			.filter(IGNORED::contains)
			.map((key) -> "Swarm ignores " + key + "; write " + instead(key))
			.toList();
	}

	/** A line for each key in these files for which Docker refuses all of them. */
	public static List<String> forbidden(Collection<String> texts) {
		Set<String> found = new TreeSet<>();
		for (String text : texts) {
			Matcher matcher = FORBIDDEN.matcher(text);
			while (matcher.find()) {
				found.add(matcher.group(1));
			}
		}
		return found.stream().map((key) -> "Swarm refuses " + key + "; write " + instead(key)).toList();
	}

	private static String instead(String key) {
		return switch (key) {
			case "restart" -> "deploy: restart_policy:";
			case "build" -> "image: alone; build and push it before";
			case "tmpfs", "shm_size" -> "volumes: with type: tmpfs";
			case "cpu_quota", "cpu_shares", "cpuset", "mem_limit", "memswap_limit" -> "deploy: resources: limits:";
			case "volume_driver", "volumes_from" -> "volumes:, at the top and in the service";
			case "container_name", "domainname" -> "nothing: each replica has a name of its own";
			case "depends_on" ->
				"nothing: all services start at once, and each must tolerate that the others do not run yet";
			case "links", "external_links", "network_mode", "expose" -> "networks:";
			default -> "nothing: Swarm has no such key";
		};
	}

}

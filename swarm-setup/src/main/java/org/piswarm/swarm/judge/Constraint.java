package org.piswarm.swarm.judge;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.piswarm.swarm.docker.Node;

/**
 * A placement constraint, such as {@code node.role==worker}. Swarm ignores upper and
 * lower case, except in the names of labels.
 *
 * @param key what it is about
 * @param equal whether the node must have the value, or must not
 * @param value the value
 */
record Constraint(String key, boolean equal, String value) {

	private static final Pattern PATTERN = Pattern.compile("\\s*([^\\s=!]+)\\s*([=!])=\\s*(.*?)\\s*");

	/** What a user wrote; empty if this program does not know its meaning. */
	static Optional<Constraint> parse(String text) {
		Matcher matcher = PATTERN.matcher(text);
		if (!matcher.matches()) {
			return Optional.empty();
		}
		String key = matcher.group(1);
		String value = matcher.group(3);
		boolean subnet = key.equalsIgnoreCase("node.ip") && value.contains("/");
		boolean known = key
			.matches("(?i)node\\.(id|hostname|ip|role|platform\\.os|platform\\.arch)" + "|(node|engine)\\.labels\\..+");
		return Optional.of(new Constraint(key, matcher.group(2).equals("="), value))
			.filter((constraint) -> known && !subnet);
	}

	boolean allows(Node node) {
		return values(node).stream().anyMatch(this.value::equalsIgnoreCase) == this.equal;
	}

	private List<String> values(Node node) {
		return switch (this.key.toLowerCase(Locale.ROOT)) {
			case "node.id" -> List.of(node.id());
			case "node.hostname" -> List.of(node.hostname());
			case "node.ip" -> List.of(node.address());
			case "node.role" -> List.of(node.role().toString());
			case "node.platform.os" -> List.of(node.hardware().platform().os());
			case "node.platform.arch" -> List.of(node.architecture(), node.hardware().platform().imageArchitecture());
			default -> List.of(node.label(this.key));
		};
	}

}

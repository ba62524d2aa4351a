package org.piswarm.swarm.stack;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import org.piswarm.swarm.known.Fact;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** A stack, as {@code docker stack config} writes it: all files as one, with values. */
public final class Stack {

	private static final YAMLMapper YAML = new YAMLMapper();

	private static final JsonMapper JSON = new JsonMapper();

	/** The parts in which Docker puts values in place of variables. */
	private static final List<String> WITH_VARIABLES = List.of("services", "volumes", "networks", "secrets", "configs");

	private final ObjectNode root;

	private Stack(ObjectNode root) {
		this.root = root;
	}

	public static Fact<Stack> parse(String yaml) {
		try {
			JsonNode root = YAML.readTree(yaml);
			boolean whole = root.isObject() && !root.path("services").isEmpty()
					&& root.path("services").values().stream().allMatch(JsonNode::isObject);
			return whole ? Fact.known(new Stack((ObjectNode) root)) : Fact.unknown("it has no services");
		}
		catch (JacksonException ex) {
			return Fact.unknown("it is not YAML");
		}
	}

	/** The names of its services. */
	public Set<String> services() {
		return new TreeSet<>(this.root.path("services").propertyNames());
	}

	/** The image of each service that has one. */
	public Map<String, String> images() {
		Map<String, String> images = new LinkedHashMap<>();
		this.root.path("services").properties().forEach((service) -> {
			if (service.getValue().path("image").isString()) {
				images.put(service.getKey(), service.getValue().path("image").asString());
			}
		});
		return images;
	}

	/** The variables that services have without a value, or with an empty one. */
	public Set<String> variablesWithoutValue() {
		Set<String> names = new TreeSet<>();
		this.root.path("services")
			.values()
			.forEach((service) -> service.path("environment").properties().forEach((variable) -> {
				if (variable.getValue().isNull() || variable.getValue().asString("?").isEmpty()) {
					names.add(variable.getKey());
				}
			}));
		return names;
	}

	/** The same stack with other names for some images. */
	public Stack withImages(Map<String, String> names) {
		ObjectNode copy = this.root.deepCopy();
		copy.path("services").values().forEach((service) -> {
			String name = names.get(service.path("image").asString(""));
			if (name != null) {
				((ObjectNode) service).put("image", name);
			}
		});
		return new Stack(copy);
	}

	/** The files that become configs and secrets of the Swarm. */
	public List<String> files() {
		List<String> files = new ArrayList<>();
		for (String part : List.of("configs", "secrets")) {
			this.root.path(part).values().forEach((entry) -> {
				if (entry.path("file").isString()) {
					files.add(entry.path("file").asString());
				}
			});
		}
		return files;
	}

	/** A directory on the node that a service mounts, if one is below that directory. */
	public Optional<String> mountBelow(String directory) {
		return this.root.path("services")
			.values()
			.stream()
			.flatMap((service) -> service.path("volumes").values().stream())
			.map((volume) -> volume.path("source").asString(""))
			.filter((source) -> source.equals(directory) || source.startsWith(directory + "/"))
			.findFirst();
	}

	/** The keys of all services. */
	public Set<String> keys() {
		Set<String> keys = new TreeSet<>();
		this.root.path("services").values().forEach((service) -> keys.addAll(service.propertyNames()));
		return keys;
	}

	/**
	 * As JSON, which is YAML too. Docker puts in values once more; what is a dollar sign
	 * by now must stay one.
	 */
	public String text() {
		ObjectNode copy = this.root.deepCopy();
		WITH_VARIABLES.forEach((part) -> {
			if (copy.has(part)) {
				copy.set(part, escaped(copy.path(part)));
			}
		});
		return JSON.writeValueAsString(copy);
	}

	private static JsonNode escaped(JsonNode node) {
		if (node.isString()) {
			return StringNode.valueOf(node.asString().replace("$", "$$"));
		}
		if (node instanceof ObjectNode object) {
			object.properties().forEach((entry) -> entry.setValue(escaped(entry.getValue())));
		}
		if (node instanceof ArrayNode array) {
			for (int i = 0; i < array.size(); i++) {
				array.set(i, escaped(array.get(i)));
			}
		}
		return node;
	}

}

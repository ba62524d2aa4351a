package org.piswarm.swarm.docker;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads values from Docker's JSON. A value that is missing or not allowed is an
 * {@link Invalid}.
 */
final class Json {

	private static final JsonMapper MAPPER = new JsonMapper();

	private static final Pattern ID = Pattern.compile("[0-9a-z]{25}");

	private final JsonNode node;

	private Json(JsonNode node) {
		this.node = node;
	}

	static Json parse(String text) {
		try {
			return new Json(MAPPER.readTree(text));
		}
		catch (JacksonException ex) {
			throw new Invalid("it is not JSON");
		}
	}

	/** The object at a path such as {@code Spec.Role}; empty if there is none. */
	Json at(String path) {
		JsonNode found = this.node;
		for (String name : path.split("\\.")) {
			found = found.path(name);
		}
		return new Json(found);
	}

	boolean exists() {
		return !this.node.isMissingNode() && !this.node.isNull();
	}

	String text(String path) {
		Json found = at(path);
		if (!found.node.isString()) {
			throw new Invalid(path + " is missing");
		}
		return found.node.asString();
	}

	String text(String path, String otherwise) {
		return at(path).node.isString() ? text(path) : otherwise;
	}

	String id(String path) {
		String id = text(path);
		if (!ID.matcher(id).matches()) {
			throw new Invalid(path + " is not an ID");
		}
		return id;
	}

	int number(String path, int otherwise) {
		Json found = at(path);
		if (!found.exists()) {
			return otherwise;
		}
		if (!found.node.isInt() || found.node.asInt() < 0) {
			throw new Invalid(path + " is not a number");
		}
		return found.node.asInt();
	}

	boolean flag(String path) {
		return at(path).node.isBoolean() && at(path).node.asBoolean();
	}

	Map<String, String> texts(String path) {
		Map<String, String> texts = new TreeMap<>();
		at(path).node.properties().forEach((entry) -> texts.put(entry.getKey(), entry.getValue().asString("")));
		return texts;
	}

	boolean listContains(String path, String part) {
		for (JsonNode element : at(path).node) {
			if (element.asString("").contains(part)) {
				return true;
			}
		}
		return false;
	}

	/** An answer that is not what Docker answers. */
	static final class Invalid extends RuntimeException {

		private static final long serialVersionUID = 1L;

		Invalid(String reason) {
			super(reason, null, false, false);
		}

	}

}

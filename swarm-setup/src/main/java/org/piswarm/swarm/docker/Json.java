package org.piswarm.swarm.docker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
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

	/** This object as JSON. */
	String source() {
		return this.node.toString();
	}

	String text() {
		if (!this.node.isString()) {
			throw new Invalid("a text is missing");
		}
		return this.node.asString();
	}

	String text(String path) {
		Json found = at(path);
		if (!found.node.isString()) {
			throw new Invalid(path + " is missing");
		}
		return found.text();
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
		return at(path).exists() ? Math.toIntExact(amount(path, Integer.MAX_VALUE)) : otherwise;
	}

	/** A number that is 0 if it is missing. */
	long amount(String path) {
		return at(path).exists() ? amount(path, Long.MAX_VALUE) : 0;
	}

	private long amount(String path, long most) {
		JsonNode found = at(path).node;
		if (!found.isIntegralNumber() || !found.canConvertToLong() || found.asLong() < 0 || found.asLong() > most) {
			throw new Invalid(path + " is not a number");
		}
		return found.asLong();
	}

	/** The elements of a list, which is empty if it is missing. */
	<T> List<T> list(String path, Function<Json, T> reader) {
		List<T> list = new ArrayList<>();
		at(path).node.forEach((element) -> list.add(reader.apply(new Json(element))));
		return List.copyOf(list);
	}

	boolean flag(String path) {
		return at(path).node.isBoolean() && at(path).node.asBoolean();
	}

	Map<String, String> texts(String path) {
		Map<String, String> texts = new TreeMap<>();
		at(path).node.properties().forEach((entry) -> texts.put(entry.getKey(), entry.getValue().asString("")));
		return texts;
	}

	/** An answer that is not what Docker answers. */
	static final class Invalid extends RuntimeException {

		private static final long serialVersionUID = 1L;

		Invalid(String reason) {
			super(reason, null, false, false);
		}

	}

}

package org.piswarm.swarm.facts;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

import org.piswarm.swarm.known.Fact;

/**
 * The lines KEY=VALUE of a Pi. A value that is not allowed makes one fact unknown, not
 * all.
 */
final class Answer {

	private final Map<String, String> values;

	private Answer(Map<String, String> values) {
		this.values = values;
	}

	static Fact<Answer> parse(String text) {
		Map<String, String> values = new HashMap<>();
		text.lines().filter((line) -> line.indexOf('=') > 0).forEach((line) -> {
			String[] pair = line.split("=", 2);
			values.put(pair[0], pair[1]);
		});
		return "yes".equals(values.get("end")) ? Fact.known(new Answer(values)) : Fact.unknown("its answer broke off");
	}

	/** A value that not each Pi has. */
	Optional<String> optional(String key) {
		return Optional.ofNullable(this.values.get(key)).filter((value) -> !value.isBlank());
	}

	Fact<String> text(String key) {
		return text(key, (value) -> true);
	}

	Fact<String> text(String key, Predicate<String> allowed) {
		String value = this.values.get(key);
		if (value == null) {
			return Fact.unknown("the Pi did not say");
		}
		return allowed.test(value) ? Fact.known(value) : Fact.unknown("the Pi said '" + value + "'");
	}

	/** A number in decimal or hexadecimal notation. */
	Fact<Long> number(String key) {
		return text(key, (value) -> value.matches("[0-9]{1,18}|0x[0-9a-fA-F]{1,15}"))
			.map((value) -> value.startsWith("0x") ? Long.decode(value) : Long.parseLong(value));
	}

	Optional<Fact<Long>> optionalNumber(String key) {
		return optional(key).map((value) -> number(key));
	}

	Fact<Boolean> flag(String key) {
		return text(key, (value) -> value.equals("yes") || value.equals("no")).map("yes"::equals);
	}

}

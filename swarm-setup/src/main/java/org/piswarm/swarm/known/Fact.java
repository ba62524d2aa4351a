package org.piswarm.swarm.known;

import java.util.Optional;
import java.util.function.Function;

/**
 * A fact is known, or unknown with a reason. An unknown fact has no value, so that no
 * code can treat a question that failed as an empty answer.
 *
 * @param <T> the type of the value
 */
public sealed interface Fact<T> {

	/**
	 * A fact that is known.
	 *
	 * @param content what is so
	 */
	record Known<T>(T content) implements Fact<T> {
	}

	/**
	 * A fact that is not known.
	 *
	 * @param reason why, in words that follow the name of the Pi
	 */
	record Unknown<T>(String reason) implements Fact<T> {
	}

	static <T> Fact<T> known(T value) {
		return new Known<>(value);
	}

	static <T> Fact<T> unknown(String reason) {
		return new Unknown<>(reason);
	}

	default <R> R fold(Function<T, R> known, Function<String, R> unknown) {
		if (this instanceof Known<T> fact) {
			return known.apply(fact.content());
		}
		return unknown.apply(((Unknown<T>) this).reason());
	}

	default <R> Fact<R> map(Function<T, R> function) {
		return fold((value) -> known(function.apply(value)), Fact::unknown);
	}

	default <R> Fact<R> flatMap(Function<T, Fact<R>> function) {
		return fold(function, Fact::unknown);
	}

	/** The value, where an unknown fact has the same consequence as none. */
	default Optional<T> value() {
		return fold(Optional::of, (reason) -> Optional.empty());
	}

}

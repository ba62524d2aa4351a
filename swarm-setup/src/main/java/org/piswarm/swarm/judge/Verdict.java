package org.piswarm.swarm.judge;

import java.util.function.Function;

import org.piswarm.swarm.known.Fact;

/**
 * What to think of one thing that a Pi in a Swarm needs.
 *
 * @param level how good it is
 * @param check the thing
 * @param text what is so, and what to do
 */
public record Verdict(Level level, String check, String text) {

	/** How good a thing is. */
	public enum Level {

		/** All is well. */
		OK("ok"),
		/** Worth knowing. */
		NOTE("note"),
		/** The verb {@code up} fixes it. */
		UP("up"),
		/** Needs manual action. */
		BAD("BAD"),
		/** The question got no answer. */
		UNKNOWN("unknown");

		private final String mark;

		Level(String mark) {
			this.mark = mark;
		}

		public String mark() {
			return this.mark;
		}

	}

	static Verdict ok(String check, String text) {
		return new Verdict(Level.OK, check, text);
	}

	static Verdict note(String check, String text) {
		return new Verdict(Level.NOTE, check, text);
	}

	static Verdict up(String check, String text) {
		return new Verdict(Level.UP, check, text);
	}

	static Verdict bad(String check, String text) {
		return new Verdict(Level.BAD, check, text);
	}

	static Verdict unknown(String check, String text) {
		return new Verdict(Level.UNKNOWN, check, text);
	}

	/** The verdict on a fact: unknown if the fact is. */
	static <T> Verdict on(String check, Fact<T> fact, Function<T, Verdict> judge) {
		return fact.fold(judge, (reason) -> unknown(check, reason));
	}

}

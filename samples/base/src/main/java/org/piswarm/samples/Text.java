package org.piswarm.samples;

/** Text from a client or from another service, which may have any characters. */
public final class Text {

	private Text() {
	}

	/**
	 * Whether it can be stored and sent: PostgreSQL accepts no NUL, and JSON no half of a
	 * surrogate pair.
	 */
	public static boolean isUsable(String text) {
		return text.codePoints().allMatch((point) -> point != 0 && Character.getType(point) != Character.SURROGATE);
	}

	/** The same for a text without line breaks. */
	public static boolean isLine(String text) {
		return isUsable(text) && text.codePoints().noneMatch(Character::isISOControl);
	}

	/** The beginning of any text, such that it can be sent. */
	public static String beginning(String text, int most) {
		StringBuilder beginning = new StringBuilder();
		text.codePoints()
			.limit(most)
			.map((point) -> (point != 0 && Character.getType(point) != Character.SURROGATE) ? point : '?')
			.forEach(beginning::appendCodePoint);
		return beginning.toString();
	}

}

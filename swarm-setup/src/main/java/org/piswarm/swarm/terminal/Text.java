package org.piswarm.swarm.terminal;

import java.util.ArrayList;
import java.util.List;

/** Text for a terminal. */
public final class Text {

	private Text() {
	}

	/**
	 * One line without control characters and without characters that change the
	 * direction of text: with them, a Pi could change what the terminal shows.
	 */
	public static String safe(String text) {
		return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
	}

	/** Rows as lines with aligned columns. */
	public static List<String> table(List<List<String>> rows) {
		int[] widths = new int[rows.get(0).size()];
		rows.forEach((row) -> {
			for (int i = 0; i < row.size(); i++) {
				widths[i] = Math.max(widths[i], row.get(i).length());
			}
		});
		List<String> lines = new ArrayList<>();
		for (List<String> row : rows) {
			StringBuilder line = new StringBuilder();
			for (int i = 0; i < row.size(); i++) {
				line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
			}
			lines.add(line.toString().stripTrailing());
		}
		return lines;
	}

	/** A duration in the unit that people use. */
	public static String duration(long seconds) {
		if (seconds < 120) {
			return seconds + " s";
		}
		return (seconds < 7200) ? seconds / 60 + " min" : seconds / 3600 + " h";
	}

}

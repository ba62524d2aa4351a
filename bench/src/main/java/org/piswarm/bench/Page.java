package org.piswarm.bench;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.stream.Collectors;

/** A page in Markdown. */
final class Page {

	private static final int BAR_LENGTH = 50;

	private final StringBuilder text = new StringBuilder();

	void paragraph(String paragraph) {
		this.text.append(paragraph.strip()).append("\n\n");
	}

	void table(String... columns) {
		row(columns);
		this.text.append("|---".repeat(columns.length)).append("|\n");
	}

	void row(String... cells) {
		// A reason from a program's output could otherwise break the table.
		this.text.append(Arrays.stream(cells)
			.map((cell) -> cell.replace("|", "\\|").replace("\n", " "))
			.collect(Collectors.joining(" | ", "| ", " |\n")));
	}

	/** Instead of the figures of a server that has none. */
	void emptyRow(Subject subject) {
		row(code(subject.name), subject.trouble().orElse("no figure"));
	}

	void endTable() {
		this.text.append('\n');
	}

	/** A plot that every reader of Markdown shows: one bar of text for each value. */
	void bars(Map<String, Double> values) {
		if (values.isEmpty()) {
			return;
		}
		double most = Collections.max(values.values());
		int width = values.keySet().stream().mapToInt(String::length).max().orElse(1);
		this.text.append("```text\n");
		values.forEach((name, value) -> {
			int length = (int) Math.max(1, Math.round(BAR_LENGTH * value / most));
			this.text.append(("%-" + width + "s  %s %s%n").formatted(name, "█".repeat(length), Summary.text(value)));
		});
		this.text.append("```\n\n");
	}

	static String code(String name) {
		return "`" + name + "`";
	}

	@Override
	public String toString() {
		return this.text.toString().stripTrailing() + "\n";
	}

}

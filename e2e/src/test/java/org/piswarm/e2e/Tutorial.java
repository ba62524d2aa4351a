package org.piswarm.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs each command of a tutorial in order and compares its output with the text below
 * the command. Numbers and spaces may differ; {@code ...} stands for any lines, {@code …}
 * for the rest of a line. HTML comments, which a reader does not see, tell this test
 * more:
 * <ul>
 * <li>{@code until Ctrl-C}: the next command keeps running until the comment
 * {@code Ctrl-C}; with {@code without WORD}, it must not have printed the word
 * <li>{@code exit status 1}: the next command fails
 * <li>{@code again until it looks so}: repeat the next command until its output matches
 * <li>{@code the test does it by itself}: leave the next command out
 * <li>{@code virtual-pis VERB N}: do to a virtual Pi what the reader does by hand
 * <li>{@code localhost is where Docker runs}: from here on, localhost answers on the
 * ports of containers
 * </ul>
 */
final class Tutorial {

	private static final Pattern REMARK = Pattern.compile("<!-- (.*) -->");

	private static final Duration LIMIT = Duration.ofMinutes(3);

	private final Deque<Laptop.Terminal> terminals = new ArrayDeque<>();

	private final Laptop laptop;

	Tutorial(Laptop laptop) {
		this.laptop = laptop;
	}

	/**
	 * Follows it to its end.
	 * @return how many commands it has
	 */
	int follow(Path file) throws IOException {
		int commands = 0;
		for (Step step : steps(Files.readAllLines(file))) {
			if (step.command.isEmpty()) {
				act(this.laptop, step.remark);
			}
			else if (!step.remark.equals("the test does it by itself")) {
				System.out.println("$ " + step.command);
				type(this.laptop, step);
				commands++;
			}
		}
		assertThat(this.terminals).isEmpty();
		return commands;
	}

	/**
	 * A command and the output that the tutorial shows, or only a remark.
	 *
	 * @param command empty for a remark alone
	 */
	private record Step(String remark, String command, List<String> output) {

	}

	private static List<Step> steps(List<String> lines) {
		List<Step> steps = new ArrayList<>();
		String remark = "";
		boolean console = false;
		for (String line : lines) {
			Matcher matcher = REMARK.matcher(line);
			if (!console && matcher.matches()) {
				remark = matcher.group(1);
				if (!remark.matches("(until|again|exit|the test).*")) {
					steps.add(new Step(remark, "", List.of()));
					remark = "";
				}
			}
			else if (line.startsWith("```")) {
				console = line.equals("```console");
				remark = console ? remark : "";
			}
			else if (console && line.startsWith("$ ")) {
				steps.add(new Step(remark, line.substring(2), new ArrayList<>()));
			}
			else if (console) {
				steps.get(steps.size() - 1).output.add(line);
			}
		}
		return steps;
	}

	private void act(Laptop laptop, String remark) {
		if (remark.startsWith("Ctrl-C")) {
			Laptop.Terminal terminal = this.terminals.pop();
			terminal.interrupt();
			if (remark.contains("without ")) {
				assertThat(terminal.shown()).doesNotContain(remark.split("without ")[1]);
			}
		}
		else if (remark.startsWith("virtual-pis ")) {
			String[] words = remark.split(" ");
			Pi.ALL.get(Integer.parseInt(words[2]) - 1).verb(words[1]);
		}
		else if (remark.equals("localhost is where Docker runs")) {
			laptop.publishPorts();
		}
		else {
			throw new AssertionError("this remark is not known: <!-- " + remark + " -->");
		}
	}

	private void type(Laptop laptop, Step step) throws IOException {
		Pattern output = pattern(step.output);
		if (step.remark.equals("until Ctrl-C")) {
			Laptop.Terminal terminal = laptop.start(step.command);
			this.terminals.push(terminal);
			Wait.until("%s shows %s".formatted(step.command, step.output), LIMIT,
					() -> output.matcher(shape(terminal.shown())).lookingAt());
			return;
		}
		int status = step.remark.contains("exit status 1") ? 1 : 0;
		if (step.remark.contains("again until it looks so")) {
			Wait.until("%s shows %s".formatted(step.command, step.output), LIMIT,
					() -> looksSo(laptop.run(step.command), status, output));
			return;
		}
		Command.Result result = laptop.run(step.command);
		if (!looksSo(result, status, output)) {
			throw new AssertionError("%s should end with %d and print%n%s%nIt ended with %d and printed%n%s"
				.formatted(step.command, status, String.join("\n", step.output), result.exitCode(), result.output()));
		}
	}

	private static boolean looksSo(Command.Result result, int status, Pattern output) throws IOException {
		return result.exitCode() == status && output.matcher(shape(result.output())).matches();
	}

	/**
	 * An output without what may differ: the values of numbers, the width of columns, the
	 * name of this machine, and the escape sequences of a terminal.
	 */
	private static String shape(String output) throws IOException {
		return output.replaceAll("\u001b\\[[0-9;]*[A-Za-z]", "")
			.replace(InetAddress.getLocalHost().getHostName(), "laptop")
			.replaceAll("\\d+", "0")
			.lines()
			.map((line) -> line.strip().replaceAll("\\s+", " "))
			.filter((line) -> !line.isEmpty())
			.reduce("", (before, line) -> before + line + "\n");
	}

	private static Pattern pattern(List<String> lines) throws IOException {
		StringBuilder pattern = new StringBuilder();
		for (String line : lines) {
			if (line.equals("...")) {
				pattern.append("(?:.*\n)*?");
			}
			else if (!line.isBlank()) {
				pattern.append(Pattern.quote(shape(line).strip()).replace(" …", "\\E.*\\Q")).append('\n');
			}
		}
		return Pattern.compile(pattern.toString());
	}

}

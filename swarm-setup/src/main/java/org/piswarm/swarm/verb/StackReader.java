package org.piswarm.swarm.verb;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.ssh.Reply;
import org.piswarm.swarm.stack.ComposeKeys;
import org.piswarm.swarm.stack.Stack;
import org.piswarm.swarm.stack.StackFiles;
import org.piswarm.swarm.terminal.Progress;
import org.piswarm.swarm.terminal.Text;

/**
 * Has the manager's Docker read stack files.
 *
 * @param stage where they are brought
 * @param files the files
 * @param progress says what Swarm ignores
 */
record StackReader(Stage stage, StackFiles files, Progress progress) {

	private static final String WAITING = "the manager's Docker, which reads the stack files";

	Stack read() {
		this.progress.begin(WAITING);
		int number = 0;
		// Not read again: a pipe has its content once.
		for (String text : this.files.texts()) {
			number++;
			this.stage.bring(text.getBytes(StandardCharsets.UTF_8), ".swarm-" + number + ".yml");
		}
		Map<String, String> variables = new TreeMap<>(this.files.variables(System.getenv()));
		Stack stack = ask(variables);
		// As Docker does: "environment: [API_KEY]" is the value that this machine has.
		Map<String, String> values = this.files.values(stack.variablesWithoutValue(), System.getenv());
		if (!variables.keySet().containsAll(values.keySet())) {
			variables.putAll(values);
			stack = ask(variables);
		}
		this.progress.end(WAITING);
		ComposeKeys.ignored(stack).forEach(this.progress::note);
		stack.mountBelow(this.stage.root().toString()).ifPresent((directory) -> {
			throw new Failure(this.files.files().get(0)
					+ ": a volume is a directory next to this file, which no Pi has: make its files configs, or name a directory that is on all Pis");
		});
		// Before anything is built: what they name must be here.
		stack.files().forEach((path) -> this.files.named(this.stage.place(), path));
		return stack;
	}

	private Stack ask(Map<String, String> variables) {
		return Stack.parse(config(variables)).fold((known) -> known, (reason) -> {
			throw new Failure(this.files.names()
					+ ": 'docker stack config' gave an answer that cannot be used, so nothing was changed: " + reason);
		});
	}

	/** Docker reads env files already here, and names one that is missing. */
	private String config(Map<String, String> variables) {
		Set<Path> brought = new HashSet<>();
		while (true) {
			Reply reply = this.stage.config(this.files.files().size(), variables).fold((known) -> known, (reason) -> {
				throw new Failure("the manager did not read the stack files, so nothing was changed: " + reason);
			});
			if (reply.exit() == 0) {
				return reply.out();
			}
			Matcher missing = Pattern
				.compile("(" + Pattern.quote(this.stage.root().toString()) + "/[^:\"'\n]*).*no such file")
				.matcher(reply.err());
			if (!missing.find()) {
				throw refused(reply);
			}
			Path file = this.files.named(this.stage.place(), missing.group(1));
			if (!brought.add(file)) {
				throw refused(reply);
			}
			bring(missing.group(1));
		}
	}

	/** Brings the files that become configs and secrets of the Swarm. */
	void bringFiles(Stack stack) {
		stack.files().forEach(this::bring);
	}

	private void bring(String path) {
		Path place = this.stage.place();
		this.stage.bring(this.files.named(place, path), place.relativize(Path.of(path).normalize()).toString());
	}

	private Failure refused(Reply reply) {
		if (reply.err().contains("forbidden properties")) {
			List<String> lines = ComposeKeys.forbidden(this.files.texts());
			lines.forEach((line) -> System.err.println(Text.safe(this.files.names() + ": " + line)));
		}
		return new Failure(this.files.names() + ": " + reply.complaint().replace(this.stage.place() + "/", ""));
	}

}

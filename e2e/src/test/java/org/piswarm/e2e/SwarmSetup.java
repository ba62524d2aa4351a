package org.piswarm.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs {@code swarm-setup/swarm} as a user does on a laptop.
 *
 * @param pis the value of {@code --pis}
 * @param sshConfig the SSH configuration that leads to them
 */
record SwarmSetup(String pis, Path sshConfig) {

	/** Names the base image of the images that {@code deploy} builds. */
	static final Map<String, String> BASE = Map.of("BASE_IMAGE", Settings.BASE_IMAGE);

	private static final Duration LIMIT = Duration.ofMinutes(20);

	/** All virtual Pis, as the user that Raspberry Pi OS creates. */
	static SwarmSetup ofAll() {
		return new SwarmSetup("pi@pi1,pi@pi2,pi@pi3", Settings.NODES.resolve("ssh_config"));
	}

	/** The same Pis with another SSH configuration. */
	SwarmSetup withSshConfig(String name, String text) {
		try {
			Path file = Settings.TARGET.resolve(name).toAbsolutePath();
			Files.writeString(file, text);
			return new SwarmSetup(this.pis, file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** The same Pis, listed in a file in which all of them are managers. */
	SwarmSetup withManagers(String... pis) {
		try {
			Path file = Settings.TARGET.resolve("pis").toAbsolutePath();
			Files.writeString(file, String.join(" manager\n", pis) + " manager\n");
			return new SwarmSetup(file.toString(), this.sshConfig);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	Command.Result run(String... arguments) {
		return run(Map.of(), arguments);
	}

	/** Runs a verb without a terminal and checks that it prints no join token. */
	Command.Result run(Map<String, String> variables, String... arguments) {
		List<String> command = command(variables, arguments);
		long start = System.nanoTime();
		Command.Result result = Command.run(LIMIT, "", command);
		show(result, "%s    (%s)".formatted(String.join(" ", arguments),
				Report.seconds(Duration.ofNanos(System.nanoTime() - start))));
		if (result.output().contains("SWMTKN")) {
			throw new AssertionError("it printed a join token");
		}
		return result;
	}

	private List<String> command(Map<String, String> variables, String... arguments) {
		List<String> command = new ArrayList<>(
				List.of("setpriv", "--pdeathsig", "TERM", "env", "--unset=REGISTRY", "--unset=TAG"));
		variables.forEach((variable, value) -> command.add(variable + "=" + value));
		command.addAll(List.of(Settings.PROJECT.resolve("swarm-setup/swarm").toAbsolutePath().normalize().toString(),
				"--ssh-config", this.sshConfig.toString(), "--pis", this.pis));
		command.addAll(List.of(arguments));
		return command;
	}

	private static void show(Command.Result result, String what) {
		System.out.printf("$ swarm %s: exit code %d%n%s%n", what, result.exitCode(), result.output().indent(4));
	}

	/**
	 * Runs a verb, and sends it what Ctrl-C sends as soon as its output contains a text.
	 */
	Command.Result interrupt(Map<String, String> variables, String text, String... arguments) {
		String script = """
				out=$1 text=$2; shift 2
				env --default-signal=INT "$@" >"$out" 2>&1 &
				verb=$!
				while kill -0 "$verb" 2>/dev/null; do
				  grep -qF -- "$text" "$out" && kill -INT "$verb" && break
				  sleep 0.1
				done
				wait "$verb"
				status=$?
				cat "$out"
				exit $status
				""";
		Path out = Settings.TARGET.resolve("interrupted").toAbsolutePath();
		// A shell makes its background processes ignore SIGINT.
		List<String> command = new ArrayList<>(List.of("bash", "-c", script, "bash", out.toString(), text));
		command.addAll(command(variables, arguments));
		Command.Result result = Command.run(LIMIT, "", command);
		show(result, "interrupted, " + String.join(" ", arguments));
		return result;
	}

	/** Runs a verb that must succeed and adds its duration to the report. */
	String timed(String what, Map<String, String> variables, String... arguments) {
		long start = System.nanoTime();
		String output = run(variables, arguments).orFail();
		Report.figure("swarm " + what, Report.seconds(Duration.ofNanos(System.nanoTime() - start)));
		return output;
	}

}

package org.piswarm.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A user's laptop on the Pis' network: a network namespace with its own localhost, a copy
 * of the project, and host names for the Pis. Its Docker engine is that of pi1.
 */
final class Laptop implements AutoCloseable {

	/** {@code e2e/run} knows this name and deletes it if this process is killed. */
	private static final String NAMESPACE = "virtual-laptop";

	private static final Duration LIMIT = Duration.ofMinutes(20);

	private final Path home = Settings.TARGET.resolve("laptop").toAbsolutePath();

	private final List<Process> helpers = new ArrayList<>();

	Laptop() throws IOException {
		host("rm", "-rf", this.home.toString());
		Files.createDirectories(this.home.resolve("bin"));
		Path project = Files.createDirectories(this.home.resolve("pi-swarm-kit"));
		host("sh", "-c",
				"cd \"$0\" && git ls-files -z --cached --others --exclude-standard | "
						+ "tar --create --null --files-from - | tar --extract --directory \"$1\"",
				Settings.PROJECT.toAbsolutePath().toString(), project.toString());

		host("ip", "netns", "add", NAMESPACE);
		host("ip", "-netns", "virtual-pis", "link", "add", "laptop", "type", "veth", "peer", "name", "cable", "netns",
				NAMESPACE);
		host("ip", "-netns", "virtual-pis", "link", "set", "laptop", "master", "bridge", "up");
		host("ip", "-netns", NAMESPACE, "address", "add", Settings.NETWORK + ".2/24", "dev", "cable");
		host("ip", "-netns", NAMESPACE, "link", "set", "cable", "up");
		host("ip", "-netns", NAMESPACE, "link", "set", "lo", "up");

		StringBuilder hosts = new StringBuilder("127.0.0.1 localhost\n127.0.1.1 ")
			.append(InetAddress.getLocalHost().getHostName())
			.append('\n');
		Pi.ALL.forEach((pi) -> hosts.append(pi.address()).append(' ').append(pi.name()).append('\n'));
		Files.writeString(this.home.resolve("hosts"), hosts);
		Path ssh = Files.writeString(this.home.resolve("bin/ssh"),
				"#!/bin/sh\nexec /usr/bin/ssh -F '%s' \"$@\"\n".formatted(Settings.NODES.resolve("ssh_config")));
		Files.setPosixFilePermissions(ssh, PosixFilePermissions.fromString("rwxr-xr-x"));
		// curl shows a progress meter when its output is not a terminal.
		Files.writeString(this.home.resolve(".curlrc"), "no-progress-meter\n");
		help("docker-registry serve " + Settings.TARGET.toAbsolutePath() + "/registry.yml");
		help("ssh -N -L '%s/docker.sock:/run/docker.sock' pi1".formatted(this.home));
		Wait.until("Docker answers", Duration.ofSeconds(30), () -> run("docker version").exitCode() == 0);
	}

	/** Makes localhost answer on the ports that containers publish on pi1. */
	void publishPorts() {
		help("ssh -N -L 5000:localhost:5000 -L 8080:localhost:8080 pi1");
		Wait.until("port 5000 of localhost is forwarded", Duration.ofSeconds(30),
				() -> run(": >/dev/tcp/localhost/5000").exitCode() == 0);
	}

	/** Runs a line of shell in the project's directory. */
	Command.Result run(String line) {
		return Command.run(LIMIT, "", command(line));
	}

	/** Starts a line of shell, as in another terminal. */
	Terminal start(String line) {
		try {
			Path output = this.home.resolve("terminal.txt");
			List<String> command = new ArrayList<>(List.of("setsid"));
			command.addAll(command(line));
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(output.toFile())
				.start();
			this.helpers.add(process);
			return new Terminal(process, output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void help(String line) {
		try {
			this.helpers.add(new ProcessBuilder(command("exec " + line)).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.appendTo(this.home.resolve("helpers.txt").toFile()))
				.start());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private List<String> command(String line) {
		Map<String, String> environment = Map.of("BASE_IMAGE", Settings.BASE_IMAGE, "DOCKER_HOST",
				"unix://" + this.home + "/docker.sock", "CURL_HOME", this.home.toString(), "PATH",
				this.home + "/bin:" + System.getenv("PATH"));
		List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", NAMESPACE, "env", "--default-signal=INT",
				"--unset=REGISTRY", "--unset=TAG"));
		environment.forEach((variable, value) -> command.add(variable + "=" + value));
		command.addAll(List.of("unshare", "--mount", "bash", "-c",
				"mount --bind \"$0/hosts\" /etc/hosts && cd \"$0/pi-swarm-kit\" && exec bash -c \"$1\"",
				this.home.toString(), line));
		return command;
	}

	private static void host(String... command) {
		Command.run(Duration.ofMinutes(1), "", List.of(command)).orFail();
	}

	@Override
	public void close() {
		run("docker compose down --timeout 20");
		this.helpers.forEach(Process::destroy);
		host("sh", "-c",
				"ip netns pids %1$s | xargs --no-run-if-empty kill -s KILL; ip netns delete %1$s".formatted(NAMESPACE));
	}

	/**
	 * A command that runs until it is stopped.
	 *
	 * @param output the file that it writes to
	 */
	record Terminal(Process process, Path output) {

		String shown() {
			try {
				return Files.readString(this.output);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		/** Ctrl-C: a terminal sends the signal to all processes of the command. */
		void interrupt() {
			Command.run(Duration.ofSeconds(10), "", List.of("kill", "-s", "INT", "--", "-" + this.process.pid()))
				.orFail();
			try {
				if (!this.process.waitFor(30, TimeUnit.SECONDS)) {
					throw new AssertionError("still runs 30 s after Ctrl-C");
				}
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}

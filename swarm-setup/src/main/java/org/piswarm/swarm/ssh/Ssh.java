package org.piswarm.swarm.ssh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.pis.Pi;

/**
 * Runs scripts on Pis through this machine's {@code ssh}, with the user's configuration,
 * agent and known hosts. All calls for a Pi share one connection, and each has a
 * deadline.
 */
public final class Ssh implements AutoCloseable {

	private static final Duration CONNECT_DEADLINE = Duration.ofSeconds(20);

	private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(2);

	/**
	 * Runs the script on standard input as root, in any login shell. Only the login shell
	 * knows who logged in, and to which address. Under LC_ALL=C, messages are in English
	 * and numbers have points.
	 */
	private static final String AS_ROOT = "sh -c 'LC_ALL=C; export LC_ALL; unset LANGUAGE; command=\"sudo -n\"; "
			+ "[ \"$(id -u)\" != 0 ] || command=; "
			+ "exec $command env LC_ALL=C LOGIN=\"$(id -un)\" SSH_CONNECTION=\"$SSH_CONNECTION\" sh -s'";

	private final @Nullable Path config;

	private final boolean acceptNew;

	private final Path directory;

	/**
	 * Starts without a connection.
	 * @param config another configuration file for SSH, or null
	 * @param acceptNew whether the host keys of new Pis are accepted
	 */
	public Ssh(@Nullable Path config, boolean acceptNew) {
		this.config = config;
		this.acceptNew = acceptNew;
		try {
			// Not in java.io.tmpdir: the path of a socket must be short. Only this user
			// can enter it.
			this.directory = Files.createTempDirectory(Path.of("/tmp"), "swarm.");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Connects, and returns why that failed, or null. */
	public @Nullable String connect(Pi pi) {
		Fact<Reply> reply = new Call(command(pi, List.of("BatchMode=yes"), "true"), this.directory, "")
			.await(CONNECT_DEADLINE);
		if (reply instanceof Fact.Known<Reply> known) {
			return (known.content().exit() == 0) ? null : SshFailures.explain(pi, known.content());
		}
		return "does not answer: is it on, and on this network? (SSH: " + reply.fold((value) -> "", (reason) -> reason)
				+ ")";
	}

	/**
	 * Shows an unknown host key on the terminal and asks the user; SSH stores the answer.
	 */
	public void askForKey(Pi pi) {
		try {
			Process process = new ProcessBuilder(command(pi, List.of("StrictHostKeyChecking=ask", "ControlPath=none",
					"PasswordAuthentication=no", "KbdInteractiveAuthentication=no"), "true"))
				.inheritIO()
				.start();
			process.waitFor();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** Runs a script as root. The reply is known only if the script has ended with 0. */
	public Fact<String> run(Pi pi, String script, Duration deadline) {
		return start(pi, script).await(deadline).flatMap((reply) -> switch (reply.exit()) {
			case 0 -> Fact.known(reply.out());
			default -> Fact.unknown(SshFailures.explain(pi, reply));
		});
	}

	/** Starts a script as root whose input the caller ends. */
	public Call start(Pi pi, String script) {
		return new Call(command(pi, List.of("BatchMode=yes"), AS_ROOT), this.directory, script);
	}

	private List<String> command(Pi pi, List<String> options, String remote) {
		List<String> command = new ArrayList<>(List.of("ssh"));
		if (this.config != null) {
			command.addAll(List.of("-F", this.config.toString()));
		}
		List<String> all = new ArrayList<>(options);
		all.addAll(List.of("ConnectTimeout=8", "ServerAliveInterval=5", "ServerAliveCountMax=3",
				"StrictHostKeyChecking=" + (this.acceptNew ? "accept-new" : "yes"), "ControlMaster=auto",
				"ControlPath=" + this.directory + "/%C", "ControlPersist=60"));
		// Of an option that is given twice, SSH uses the first.
		all.forEach((option) -> command.addAll(List.of("-o", option)));
		if (pi.port() != null) {
			command.addAll(List.of("-p", pi.port().toString()));
		}
		command.addAll(List.of("--", pi.destination(), remote));
		return command;
	}

	/** Closes all connections and deletes their directory. */
	@Override
	public void close() {
		try (DirectoryStream<Path> files = Files.newDirectoryStream(this.directory)) {
			for (Path file : files) {
				if (!Files.isRegularFile(file)) {
					Process exit = new ProcessBuilder("ssh", "-o", "ControlPath=" + file, "-O", "exit", "nobody")
						.redirectErrorStream(true)
						.redirectOutput(ProcessBuilder.Redirect.DISCARD)
						.start();
					exit.waitFor(CLOSE_DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
				}
				Files.deleteIfExists(file);
			}
			Files.deleteIfExists(this.directory);
		}
		catch (IOException ex) {
			// The connections close by themselves after 60 s, and /tmp is emptied at the
			// next boot.
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}

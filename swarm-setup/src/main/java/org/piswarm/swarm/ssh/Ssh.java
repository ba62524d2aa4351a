package org.piswarm.swarm.ssh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

	private final Path directory;

	private final SshCommand command;

	/**
	 * Starts without a connection.
	 * @param config another configuration file for SSH, or null
	 * @param acceptNew whether the host keys of new Pis are accepted
	 */
	public Ssh(@Nullable Path config, boolean acceptNew) {
		try {
			// Not in java.io.tmpdir: the path of a socket must be short. Only this user
			// can enter it.
			this.directory = Files.createTempDirectory(Path.of("/tmp"), "swarm.");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.command = new SshCommand(config, acceptNew, this.directory);
	}

	/** Connects, and returns why that failed, or null. */
	public @Nullable String connect(Pi pi) {
		Fact<Reply> reply = new Call(this.command.shared(pi, "true"), this.directory, "").await(CONNECT_DEADLINE);
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
			Process process = new ProcessBuilder(this.command.asking(pi, "true")).inheritIO().start();
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
		return new Call(this.command.shared(pi, SshCommand.AS_ROOT), this.directory, script);
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

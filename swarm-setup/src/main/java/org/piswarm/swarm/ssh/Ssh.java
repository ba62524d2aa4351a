package org.piswarm.swarm.ssh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

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

	private static final Duration QUESTION_DEADLINE = Duration.ofMinutes(5);

	/** The lowest exit code that a process has after a signal; SSH's own is 255. */
	private static final int SIGNALLED = 128;

	/** More than the state of any Swarm of Pis. */
	private static final long MAX_FILE = 1 << 30;

	private final Workspace workspace = Workspace.create();

	private final SshCommand command;

	private final Object starting = new Object();

	private final AtomicInteger ways = new AtomicInteger();

	private volatile boolean ending;

	/**
	 * Starts without a connection.
	 * @param config another configuration file for SSH, or null
	 * @param acceptNew whether the host keys of new Pis are accepted
	 */
	public Ssh(@Nullable Path config, boolean acceptNew) {
		this.command = new SshCommand(config, acceptNew, this.workspace.directory());
	}

	/** Connects, and returns why that failed, or null. */
	public @Nullable String connect(Pi pi) {
		Fact<Reply> reply = await(start(this.command.shared(pi, "true"), ""), CONNECT_DEADLINE);
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
			if (!process.waitFor(QUESTION_DEADLINE.toMinutes(), TimeUnit.MINUTES)) {
				process.destroyForcibly();
			}
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
		return call(pi, script, deadline).flatMap((reply) -> (reply.exit() == 0) ? Fact.known(reply.out())
				: Fact.unknown(SshFailures.explain(pi, reply)));
	}

	/** Runs a script as root. The reply is known only if the script has ended. */
	public Fact<Reply> call(Pi pi, String script, Duration deadline) {
		return reply(pi, start(pi, script), deadline);
	}

	/** Waits until a script ends. The reply is known only if the script has ended. */
	public Fact<Reply> reply(Pi pi, Call call, Duration deadline) {
		return await(call, deadline).flatMap((reply) -> (reply.exit() == SshFailures.EXIT)
				? Fact.unknown(SshFailures.explain(pi, reply)) : Fact.known(reply));
	}

	/**
	 * Runs a script as root and stores its output in a file, which {@link #close}
	 * deletes.
	 */
	public Fact<Path> download(Pi pi, String script, Duration deadline) {
		Fact<Path> file = start(pi, script).awaitFile(deadline, MAX_FILE, (reply) -> SshFailures.explain(pi, reply));
		if (file instanceof Fact.Unknown<Path>) {
			giveHookTime();
		}
		stopIfEnding();
		return file;
	}

	/** Sends a file to the place where the script {@code restore.sh} expects it. */
	public Fact<Reply> upload(Pi pi, Path file, Duration deadline) {
		ProcessBuilder program = Call.english(this.command.shared(pi, SshCommand.UPLOAD)).redirectInput(file.toFile());
		Call call = start(program, "");
		return await(call, deadline)
			.flatMap((reply) -> (reply.exit() == 0) ? Fact.known(reply) : Fact.unknown(SshFailures.explain(pi, reply)));
	}

	/** A new file that only this user can read, which {@link #close} deletes. */
	public Path temporaryFile() {
		return this.workspace.newFile();
	}

	/** Closes the connection of a Pi, which may not know yet that it broke. */
	public void disconnect(Pi pi) {
		this.workspace.close(this.command.exit(pi));
	}

	/** Starts a script as root whose input the caller ends. */
	public Call start(Pi pi, String script) {
		return start(this.command.shared(pi, SshCommand.AS_ROOT), script);
	}

	/**
	 * Starts a script as root over a connection of its own, through which the Pi reaches
	 * a port of this machine. That ends with the script.
	 * @param script the script, for a port of the Pi
	 * @param here the port of this machine
	 */
	public Fact<Call> startWithWayBack(Pi pi, IntFunction<String> script, int here) {
		Path socket = this.workspace.directory().resolve("back" + this.ways.incrementAndGet());
		Call call = start(this.command.alone(pi, SshCommand.AS_ROOT, socket), "");
		return new WayBack(this, call, socket, here).open().flatMap((port) -> {
			call.send(script.apply(port));
			call.endInput();
			return Fact.known(call);
		}).fold(Fact::known, (reason) -> {
			Fact<Call> failure = Fact.unknown(reason);
			if (!call.isRunning()) {
				return reply(pi, call, CLOSE_DEADLINE).flatMap((reply) -> failure);
			}
			call.close();
			return failure;
		});
	}

	/** Starts a program of this machine, which ends with this one at the latest. */
	public Call startLocal(ProcessBuilder program) {
		return start(program, "");
	}

	Call start(List<String> line, String script) {
		return start(Call.english(line), script);
	}

	private Call start(ProcessBuilder program, String script) {
		synchronized (this.starting) {
			if (!this.ending) {
				return new Call(program, this.workspace.directory(), script);
			}
		}
		stopIfEnding();
		throw new IllegalStateException("it does not end");
	}

	/** Waits until a program ends. */
	public Fact<Reply> await(Call call, Duration deadline) {
		Fact<Reply> reply = call.await(deadline);
		if (reply.value().filter((known) -> known.exit() >= SIGNALLED).isPresent()) {
			giveHookTime();
		}
		stopIfEnding();
		return reply;
	}

	/**
	 * The terminal sends Ctrl-C to calls of {@code ssh} too. They may end before the
	 * shutdown hook starts, and that must not look like an answer.
	 */
	private void giveHookTime() {
		try {
			for (int i = 0; i < 10 && !this.ending; i++) {
				TimeUnit.MILLISECONDS.sleep(50);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** Keeps a thread from reporting calls that the end of this program has ended. */
	private void stopIfEnding() {
		while (this.ending) {
			try {
				TimeUnit.MINUTES.sleep(1);
			}
			catch (InterruptedException ex) {
				// Only the end of this program ends this wait.
			}
		}
	}

	/**
	 * For the shutdown hook: ends all calls and connections, while the other threads wait
	 * for the end of this program.
	 */
	public void end() {
		synchronized (this.starting) {
			this.ending = true;
		}
		List<ProcessHandle> calls = ProcessHandle.current().descendants().toList();
		calls.forEach(ProcessHandle::destroyForcibly);
		calls.forEach((call) -> call.onExit().completeOnTimeout(call, 1, TimeUnit.SECONDS).join());
		this.workspace.delete();
	}

	/** Closes all connections and deletes their directory. */
	@Override
	public void close() {
		stopIfEnding();
		this.workspace.delete();
	}

}

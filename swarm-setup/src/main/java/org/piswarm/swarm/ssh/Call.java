package org.piswarm.swarm.ssh;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import org.piswarm.swarm.known.Fact;

/**
 * A call of {@code ssh} that runs. Its output goes to files: the connection that it may
 * leave in the background inherits them, and a pipe would not end before that.
 */
public final class Call implements AutoCloseable {

	/** More than any true answer; a Pi must not fill this machine's disk. */
	public static final long MAX_OUTPUT = 8 << 20;

	private final Process process;

	private final Path out;

	private final Path err;

	/** What is written to its standard input, in order. */
	private CompletableFuture<Void> input = CompletableFuture.completedFuture(null);

	Call(List<String> command, Path directory, String script) {
		this(english(command), directory, script);
	}

	/**
	 * SSH's own messages are read here too, and some servers take this variable over.
	 */
	static ProcessBuilder english(List<String> command) {
		ProcessBuilder program = new ProcessBuilder(command);
		program.environment().put("LC_ALL", "C");
		return program;
	}

	Call(ProcessBuilder program, Path directory, String script) {
		try {
			this.out = Files.createTempFile(directory, "call", ".out");
			this.err = Files.createTempFile(directory, "call", ".err");
			program.redirectOutput(this.out.toFile()).redirectError(this.err.toFile());
			this.process = program.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex.getMessage(), ex);
		}
		send(script);
	}

	/**
	 * Writes to its standard input. Waits for nothing: a hung connection reads nothing.
	 */
	public void send(String script) {
		input(() -> write(script));
	}

	private synchronized void input(Runnable work) {
		this.input = this.input.thenRunAsync(work, (task) -> {
			Thread thread = new Thread(task, "input");
			thread.setDaemon(true);
			thread.start();
		});
	}

	private void write(String script) {
		try {
			OutputStream input = this.process.getOutputStream();
			input.write(script.getBytes(StandardCharsets.UTF_8));
			input.flush();
		}
		catch (IOException ex) {
			// It has ended already: its exit code and its standard error say why.
		}
	}

	/** Ends its standard input. */
	public void endInput() {
		input(this::closeInput);
	}

	private void closeInput() {
		try {
			this.process.getOutputStream().close();
		}
		catch (IOException ex) {
			// It has ended already.
		}
	}

	/** What it has written until now. */
	public String outSoFar() {
		return read(this.out);
	}

	/** How many bytes it has written until now. */
	public long size() {
		try {
			return Files.size(this.out) + Files.size(this.err);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** What it has written to standard error until now. */
	public String errSoFar() {
		return read(this.err);
	}

	public boolean isRunning() {
		return this.process.isAlive();
	}

	/**
	 * Waits until it ends, and ends it at the deadline. Then its output is no answer.
	 */
	Fact<Reply> await(Duration deadline) {
		return end(deadline, MAX_OUTPUT).map((exit) -> new Reply(exit, read(this.out), read(this.err)));
	}

	/** The same for a call whose output is a file for the caller. */
	Fact<Path> awaitFile(Duration deadline, long maxSize, Function<Reply, String> explain) {
		return end(deadline, maxSize).flatMap((exit) -> (exit == 0) ? Fact.known(this.out)
				: Fact.unknown(explain.apply(new Reply(exit, "", read(this.err)))));
	}

	private Fact<Integer> end(Duration deadline, long maxOutput) {
		endInput();
		long end = System.nanoTime() + deadline.toNanos();
		try {
			while (!this.process.waitFor(100, TimeUnit.MILLISECONDS)) {
				if (System.nanoTime() > end) {
					return Fact.unknown("no answer within " + deadline.toSeconds() + " s");
				}
				if (Files.size(this.out) > maxOutput || Files.size(this.err) > MAX_OUTPUT) {
					return Fact.unknown("the answer is longer than " + (maxOutput >> 20) + " MiB");
				}
			}
			return Fact.known(this.process.exitValue());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return Fact.unknown("interrupted");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		finally {
			close();
		}
	}

	@Override
	public void close() {
		// The processes of a ProxyCommand, for example.
		this.process.descendants().forEach(ProcessHandle::destroyForcibly);
		this.process.destroyForcibly().onExit().join();
	}

	private static String read(Path file) {
		try {
			return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}

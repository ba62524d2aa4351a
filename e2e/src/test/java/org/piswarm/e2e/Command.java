package org.piswarm.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end. */
final class Command {

	private Command() {
	}

	/**
	 * Runs a program.
	 * @param input its standard input
	 * @return its exit code and its output
	 * @throws AssertionError if it takes longer than the limit
	 */
	static Result run(Duration limit, String input, List<String> command) {
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
			try {
				// The common pool has one thread on a machine with two processors, and a
				// test may run another command in it.
				CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> read(process),
						(task) -> new Thread(task).start());
				process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
				process.getOutputStream().close();
				if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
					throw new AssertionError(command + " did not end within " + limit.toSeconds() + " s");
				}
				return new Result(process.exitValue(), output.join().strip());
			}
			finally {
				process.descendants().forEach(ProcessHandle::destroyForcibly);
				process.destroyForcibly();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String read(Process process) {
		try {
			return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	record Result(int exitCode, String output) {

		/**
		 * The output.
		 * @throws AssertionError unless the exit code is 0
		 */
		String orFail() {
			if (this.exitCode != 0) {
				throw new AssertionError("exit code " + this.exitCode + ": " + this.output);
			}
			return this.output;
		}

	}

}

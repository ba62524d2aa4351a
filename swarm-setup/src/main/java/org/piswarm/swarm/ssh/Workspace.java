package org.piswarm.swarm.ssh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The directory of one run, which only this user can enter: the sockets of connections,
 * and files.
 *
 * @param directory the directory
 */
record Workspace(Path directory) {

	private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(2);

	static Workspace create() {
		try {
			// Not in java.io.tmpdir: the path of a socket must be short.
			return new Workspace(Files.createTempDirectory(Path.of("/tmp"), "swarm."));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	Path newFile() {
		try {
			return Files.createTempFile(this.directory, "file", "");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Closes all connections and deletes the directory. */
	void delete() {
		try {
			List<Path> files = files();
			for (Path file : files) {
				if (!Files.isRegularFile(file)) {
					run(List.of("ssh", "-o", "ControlPath=" + file, "-O", "exit", "nobody"));
				}
			}
			// A call that ends now still finds its files.
			for (Path file : files) {
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

	/** Closes one connection. */
	void close(List<String> exit) {
		try {
			run(exit);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private List<Path> files() throws IOException {
		try (Stream<Path> files = Files.list(this.directory)) {
			return files.toList();
		}
	}

	private static void run(List<String> line) throws IOException, InterruptedException {
		Process exit = new ProcessBuilder(line).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
		if (!exit.waitFor(CLOSE_DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
			exit.destroyForcibly();
		}
	}

}

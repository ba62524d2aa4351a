package org.piswarm.swarm.images;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.ssh.Call;
import org.piswarm.swarm.ssh.Ssh;

/**
 * A registry on this machine's loopback, which exists during a deploy: Debian's
 * {@code docker-registry}, or a container of this machine's Docker. It ends when its
 * standard input does, and that ends too if this program is killed.
 */
public final class Registry implements AutoCloseable {

	private final int port;

	private final Path directory;

	private final Call call;

	private final Thread hook = new Thread(this::end);

	private Registry(int port, Path directory, Call call) {
		this.port = port;
		this.directory = directory;
		this.call = call;
		Runtime.getRuntime().addShutdownHook(this.hook);
	}

	public static Registry start(Ssh ssh) {
		int port = freePort();
		try {
			Path directory = Files.createTempDirectory("swarm-registry");
			try {
				RegistryProgram program = RegistryProgram.find(directory, port);
				Registry registry = new Registry(port, directory,
						ssh.startLocal(new ProcessBuilder(program.command())));
				registry.await(program.startSeconds());
				return registry;
			}
			catch (IOException | RuntimeException ex) {
				delete(directory);
				throw ex;
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public int port() {
		return this.port;
	}

	/** Below the range from which the kernel takes ports for outgoing connections. */
	private static int freePort() {
		for (int port : new Random().ints(20, 20000, 30000).toArray()) {
			try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
				return socket.getLocalPort();
			}
			catch (IOException ex) {
				// It is in use.
			}
		}
		throw new Failure("found no free port on this machine between 20000 and 29999");
	}

	private void await(int seconds) {
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
		while (!answers()) {
			if (!this.call.isRunning() || System.nanoTime() > end) {
				String error = this.call.errSoFar()
					.lines()
					.filter((line) -> !line.isBlank() && !line.contains("docker run --help"))
					.reduce("no answer within " + seconds + " s", (before, line) -> line);
				close();
				throw new Failure("the registry on this machine did not start: " + error
						+ "; start Docker on this machine, or install Debian's docker-registry");
			}
			pause();
		}
	}

	private boolean answers() {
		try {
			HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + this.port + "/v2/")
				.toURL()
				.openConnection();
			connection.setConnectTimeout(1000);
			connection.setReadTimeout(1000);
			return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static void pause() {
		try {
			TimeUnit.MILLISECONDS.sleep(100);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void close() {
		try {
			Runtime.getRuntime().removeShutdownHook(this.hook);
			end();
		}
		catch (IllegalStateException ex) {
			// It is interrupted: the hook does it.
		}
	}

	private void end() {
		this.call.close();
		delete(this.directory);
	}

	private static void delete(Path directory) {
		try (Stream<Path> files = Files.walk(directory)) {
			for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(file);
			}
		}
		catch (IOException ex) {
			// It was deleted before, or stays in the directory for temporary files.
		}
	}

}

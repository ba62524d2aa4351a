package org.piswarm.testsupport;

import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * The redis-server of this machine, on a free port of the loopback. It writes only to a
 * temporary directory, from which it reads its data when it starts again.
 */
public final class RedisServer implements AutoCloseable {

	private final int port;

	private final Path directory;

	private Process process;

	public RedisServer() throws IOException {
		this.port = FreePort.find();
		this.directory = Files.createTempDirectory("redis");
		this.process = start();
	}

	public static boolean isInstalled() {
		return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
			.anyMatch((directory) -> new File(directory, "redis-server").canExecute());
	}

	private Process start() throws IOException {
		Path log = this.directory.resolve("log");
		Process started = new ProcessBuilder("redis-server", "--port", Integer.toString(this.port), "--bind",
				"127.0.0.1", "--dir", this.directory.toString(), "--save", "", "--appendonly", "yes", "--appendfsync",
				"always")
			.redirectErrorStream(true)
			.redirectOutput(log.toFile())
			.start();
		try {
			Awaitility.await("Redis")
				.atMost(Duration.ofSeconds(20))
				.ignoreExceptionsInstanceOf(IOException.class)
				.until(() -> {
					if (!started.isAlive()) {
						throw new IllegalStateException("Redis has ended: " + Files.readString(log));
					}
					return isOwn(ask("INFO", "server"), started);
				});
			return started;
		}
		catch (RuntimeException | Error ex) {
			started.destroyForcibly();
			throw ex;
		}
	}

	/** Another Redis may have taken the port meanwhile. */
	private static boolean isOwn(@Nullable String info, Process started) {
		return info != null && info.lines().anyMatch(("process_id:" + started.pid())::equals);
	}

	public String url() {
		return "redis://127.0.0.1:" + this.port;
	}

	public int port() {
		return this.port;
	}

	/** As a power cut does. */
	public void kill() throws InterruptedException {
		this.process.destroyForcibly().waitFor();
	}

	/** Starts it on the same port and with the data that it had. */
	public void startAgain() throws IOException {
		this.process = start();
	}

	/** Stops it from answering, or lets it answer again: its connections stay open. */
	public void pause(boolean stop) throws IOException, InterruptedException {
		new ProcessBuilder("kill", stop ? "-STOP" : "-CONT", Long.toString(this.process.pid())).start().waitFor();
	}

	/** The value of a counter, 0 if there is none. */
	public long count(String key) throws IOException {
		String value = ask("GET", key);
		return (value != null) ? Long.parseLong(value) : 0;
	}

	/**
	 * Sends a command whose answer is one value.
	 * @return the value in Latin 1, so that a binary one has one character for each byte
	 */
	public @Nullable String ask(String... words) throws IOException {
		StringBuilder request = new StringBuilder("*" + words.length + "\r\n");
		for (String word : words) {
			request.append("$%d\r\n%s\r\n".formatted(word.length(), word));
		}
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoTimeout(5_000);
			socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.ISO_8859_1));
			InputStream in = new BufferedInputStream(socket.getInputStream());
			String line = line(in);
			switch (line.charAt(0)) {
				case ':', '+':
					return line.substring(1);
				case '$':
					int length = Integer.parseInt(line.substring(1));
					return (length < 0) ? null : new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
				default:
					throw new IOException("Redis answered " + line);
			}
		}
	}

	private static String line(InputStream in) throws IOException {
		StringBuilder line = new StringBuilder();
		for (int b = in.read(); b != '\n'; b = in.read()) {
			if (b == -1) {
				throw new IOException("Redis closed the connection");
			}
			line.append((char) b);
		}
		return line.toString().stripTrailing();
	}

	@Override
	public void close() throws IOException, InterruptedException {
		kill();
		try (Stream<Path> files = Files.walk(this.directory)) {
			List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
			for (Path file : all) {
				Files.delete(file);
			}
		}
	}

}

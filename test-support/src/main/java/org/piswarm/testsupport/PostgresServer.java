package org.piswarm.testsupport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;

import org.springframework.util.FileSystemUtils;

/**
 * The PostgreSQL of this machine, on a free port of the loopback. It writes only to a
 * temporary directory, from which it reads its data when it starts again. It refuses to
 * run as root; then it runs as the user postgres of Debian's package.
 */
public final class PostgresServer implements AutoCloseable {

	private static final String USER = "postgres";

	private static final Duration LIMIT = Duration.ofSeconds(60);

	private final Path programs = programs().orElseThrow();

	private final Path directory;

	private final Path log;

	private final int port;

	private Process process;

	public PostgresServer() throws IOException, InterruptedException {
		this.port = FreePort.find();
		this.directory = Files.createTempDirectory("postgres");
		this.log = this.directory.resolve("log");
		try {
			if (isRoot()) {
				Files.setOwner(this.directory,
						this.directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER));
			}
			run("initdb", "--pgdata", data(), "--username", USER, "--auth", "trust", "--encoding", "UTF8",
					"--no-locale", "--no-sync");
			this.process = start(false);
		}
		catch (Exception | Error ex) {
			FileSystemUtils.deleteRecursively(this.directory.toFile());
			throw ex;
		}
	}

	/** Whether there is one, and a user that may run it. */
	public static boolean isInstalled() {
		return programs().isPresent() && (!isRoot() || hasUser());
	}

	private static boolean isRoot() {
		return "root".equals(System.getProperty("user.name"));
	}

	private static boolean hasUser() {
		try {
			Path.of("/").getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER);
			return Files.isExecutable(Path.of("/usr/bin/setpriv"));
		}
		catch (UserPrincipalNotFoundException ex) {
			return false;
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Debian keeps them off the PATH. */
	private static Optional<Path> programs() {
		Path versions = Path.of("/usr/lib/postgresql");
		if (!Files.isDirectory(versions)) {
			return Optional.empty();
		}
		try (Stream<Path> all = Files.list(versions)) {
			return all.map((version) -> version.resolve("bin"))
				.filter((bin) -> Files.isExecutable(bin.resolve("initdb")))
				.max(Path::compareTo);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private String data() {
		return this.directory.resolve("data").toString();
	}

	/**
	 * A program that becomes the user and then the other program has the same process ID.
	 */
	private ProcessBuilder program(String name, String... arguments) {
		List<String> command = new ArrayList<>();
		if (isRoot()) {
			command.addAll(List.of("setpriv", "--reuid", USER, "--regid", USER, "--clear-groups"));
		}
		command.add(this.programs.resolve(name).toString());
		command.addAll(List.of(arguments));
		ProcessBuilder builder = new ProcessBuilder(command).directory(this.directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(this.log.toFile()));
		builder.environment().put("LC_ALL", "C");
		return builder;
	}

	private void run(String name, String... arguments) throws IOException, InterruptedException {
		Process process = program(name, arguments).start();
		if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
			process.destroyForcibly();
			throw new IllegalStateException(name + " failed: " + Files.readString(this.log));
		}
	}

	/**
	 * Starts the server.
	 * @param again whether one was killed, whose processes may still hold its memory:
	 * then it may need several attempts
	 */
	private Process start(boolean again) throws IOException, InterruptedException {
		Process[] started = { postgres() };
		try {
			Awaitility.await("PostgreSQL")
				.atMost(LIMIT)
				.ignoreExceptionsInstanceOf(NoSuchFileException.class)
				.until(() -> {
					if (!started[0].isAlive()) {
						if (!again) {
							throw new IllegalStateException("it has ended");
						}
						started[0] = postgres();
					}
					return isReady(started[0]);
				});
			return started[0];
		}
		catch (Exception | Error ex) {
			stop(started[0]);
			throw new IllegalStateException("PostgreSQL did not start: " + Files.readString(this.log), ex);
		}
	}

	/**
	 * As pg_ctl sees it. What answers on the port may be another server, which has taken
	 * it meanwhile.
	 */
	private boolean isReady(Process started) throws IOException {
		List<String> lines = Files.readAllLines(Path.of(data(), "postmaster.pid"));
		return lines.size() >= 8 && lines.get(0).equals(Long.toString(started.pid()))
				&& lines.get(7).strip().equals("ready");
	}

	private Process postgres() throws IOException {
		return program("postgres", "-D", data(), "-p", Integer.toString(this.port), "-k", this.directory.toString(),
				"-c", "listen_addresses=127.0.0.1", "-c", "shared_buffers=16MB", "-c", "max_connections=40")
			.start();
	}

	/**
	 * Creates a database.
	 * @return its JDBC URL, with a user
	 */
	public String createDatabase(String name) throws IOException, InterruptedException {
		run("createdb", "--host", "127.0.0.1", "--port", Integer.toString(this.port), "--username", USER, name);
		return "jdbc:postgresql://127.0.0.1:%d/%s?user=%s".formatted(this.port, name, USER);
	}

	public int port() {
		return this.port;
	}

	/** As a power cut does. */
	public void kill() throws InterruptedException {
		this.process.destroyForcibly().waitFor();
	}

	/** Starts it on the same port and with the data that it had. */
	public void startAgain() throws IOException, InterruptedException {
		this.process = start(true);
	}

	/** At once, and its processes with it: by SIGQUIT, which Java cannot send. */
	private static void stop(Process process) throws IOException, InterruptedException {
		new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid())).start().waitFor();
		if (!process.waitFor(10, TimeUnit.SECONDS)) {
			process.destroyForcibly().waitFor();
		}
	}

	@Override
	public void close() throws IOException, InterruptedException {
		stop(this.process);
		FileSystemUtils.deleteRecursively(this.directory);
	}

}

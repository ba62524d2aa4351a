package org.piswarm.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A peer that runs, with all processes that it has started. */
final class Server implements AutoCloseable {

	private static final Duration LIMIT = Duration.ofSeconds(60);

	private static final long NO_LIMIT = -1;

	private final Process process;

	private final Path log;

	private final Duration start;

	private final Optional<ControlGroup> group;

	private Server(Peer peer, Path logs, long memoryLimit) throws IOException {
		this.log = logs.resolve(peer.name() + ".log");
		this.group = ControlGroup.create(peer.name());
		if (memoryLimit != NO_LIMIT) {
			this.group
				.orElseThrow(() -> new BenchException("only root on a kernel that counts memory can limit the memory"))
				.limit(memoryLimit);
		}
		List<String> command = this.group.map((present) -> present.inside(peer.command())).orElse(peer.command());
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(this.log.toFile());
		builder.environment().putAll(peer.environment());
		// Options that the user has set for every JVM would change what is measured.
		builder.environment().keySet().removeAll(Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
		long begin = System.nanoTime();
		this.process = Children.startServer(builder);
		awaitFirstAnswer(peer, begin);
		this.start = Duration.ofNanos(System.nanoTime() - begin);
	}

	/**
	 * Starts a peer and waits for its first good answer.
	 * @throws BenchException if there is none within a minute
	 */
	static Server start(Peer peer, Path logs) throws IOException {
		return new Server(peer, logs, NO_LIMIT);
	}

	/** The same with a limit for its memory, in bytes. */
	static Server start(Peer peer, Path logs, long memoryLimit) throws IOException {
		return new Server(peer, logs, memoryLimit);
	}

	private void awaitFirstAnswer(Peer peer, long begin) {
		while (!Probe.isGood(peer.port())) {
			boolean late = System.nanoTime() - begin > LIMIT.toNanos();
			if (late || !this.process.isAlive()) {
				close();
				Children.checkStopping();
				throw new BenchException("%s: %s".formatted(
						late ? "gave no number within " + LIMIT.toSeconds() + " s" : "ended before its first answer",
						lastLogLine()));
			}
			Pause.millis(2);
		}
	}

	/** From the start of the process to its first good answer. */
	Duration start() {
		return this.start;
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	String lastLogLine() {
		try {
			return Programs.lastLine(Files.readString(this.log));
		}
		catch (IOException ex) {
			return "its log cannot be read: " + ex;
		}
	}

	/** All CPU time that its processes have used, ended ones among them. */
	double cpuSeconds() {
		return processes().mapToDouble(ProcFiles::cpuSeconds).sum();
	}

	Memory memory() {
		return this.group.map(ControlGroup::memory)
			.orElseGet(() -> processes().map(ProcFiles::memory).reduce(Memory.NONE, Memory::plus));
	}

	private Stream<Long> processes() {
		return Stream.concat(Stream.of(this.process.toHandle()), this.process.descendants()).map(ProcessHandle::pid);
	}

	/** Kills all its processes: what a peer does at its end is not measured. */
	@Override
	public void close() {
		Children.killServer(this.process);
		this.group.ifPresent(ControlGroup::remove);
	}

}

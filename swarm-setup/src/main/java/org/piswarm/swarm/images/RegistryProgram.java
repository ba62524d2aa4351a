package org.piswarm.swarm.images;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.piswarm.swarm.known.Failure;

/**
 * A command that runs a registry until its standard input ends. That ends too if this
 * program is killed.
 *
 * @param command its words
 * @param startSeconds how long it may take until it answers
 */
record RegistryProgram(List<String> command, int startSeconds) {

	private static final int PROGRAM_SECONDS = 10;

	/** Docker may have to pull the registry's own image. */
	private static final int CONTAINER_SECONDS = 180;

	private static final String PROGRAM = "exec 3<&0; (cat <&3 >/dev/null; kill $$) & exec \"$0\" serve \"$1\" 3<&-";

	private static final String CONTAINER = "registry serve /etc/distribution/config.yml & cat >/dev/null";

	/** Debian's {@code docker-registry}, or a container of this machine's Docker. */
	static RegistryProgram find(Path directory, int port) throws IOException {
		Optional<Path> program = onPath("docker-registry").or(() -> onPath("registry"));
		if (program.isPresent()) {
			Path config = Files.writeString(directory.resolve("registry.yml"), """
					version: 0.1
					log: {level: error}
					storage: {filesystem: {rootdirectory: %s}}
					http: {addr: "127.0.0.1:%d"}
					""".formatted(directory.resolve("images"), port));
			return new RegistryProgram(List.of("sh", "-c", PROGRAM, program.get().toString(), config.toString()),
					PROGRAM_SECONDS);
		}
		if (onPath("docker").isEmpty()) {
			throw new Failure(
					"needs a registry while it deploys: start Docker on this machine, or install Debian's docker-registry");
		}
		return new RegistryProgram(List.of("docker", "run", "--rm", "--interactive", "--publish",
				"127.0.0.1:" + port + ":5000", "--entrypoint", "sh", "registry:3", "-c", CONTAINER), CONTAINER_SECONDS);
	}

	private static Optional<Path> onPath(String program) {
		return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
			.map((directory) -> Path.of(directory, program))
			.filter(Files::isExecutable)
			.findFirst();
	}

}

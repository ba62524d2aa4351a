package org.piswarm.swarm.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs {@code train.sh} on this machine, next to a fake {@code docker}: the file
 * {@code container} says whether the one of the training runs, and {@code log} is its
 * last line.
 */
@EnabledOnOs(OS.LINUX)
class TrainScriptTests {

	private static final String NO_CONTAINER = "Error response from daemon: No such object: pi-swarm-kit-training";

	private final Path directory;

	TrainScriptTests(@TempDir Path directory) throws IOException {
		this.directory = directory;
		docker("echo false >container");
		write("log", "made 97\n");
	}

	/** A container does this when it starts. */
	private void docker(String start) throws IOException {
		program("docker",
				"""
						cd "${0%/*}"
						case "$*" in
						  'image ls '*) printf 'sha256:1\\nsha256:2\\n' ;;
						  'image inspect '*Labels*'sha256:1 sha256:2') printf 'aa\\nbb\\n' ;;
						  'image inspect '*Entrypoint*' kit/gone:1') echo 'Error response from daemon: No such image: kit/gone:1' >&2; exit 1 ;;
						  'image inspect '*Entrypoint*' kit/other:1') echo /entry ;;
						  'image inspect '*Entrypoint*) echo /app/start ;;
						  'info '*) pwd ;;
						  'inspect '*) [ -e container ] || { echo 'NO_CONTAINER' >&2; exit 1; }; cat container ;;
						  'run '*) echo "$*" >>calls; START ;;
						  'logs '*) cat log ;;
						  'rm --force pi-swarm-kit-training') echo removed >>calls; rm container ;;
						  *) echo "what? $*" >&2; exit 9 ;;
						esac"""
					.replace("NO_CONTAINER", NO_CONTAINER)
					.replace("START", start));
	}

	private void program(String name, String lines) throws IOException {
		Path program = Files.writeString(this.directory.resolve(name), "#!/bin/sh\n" + lines + "\n");
		assertThat(program.toFile().setExecutable(true)).isTrue();
	}

	private void write(String file, String text) throws IOException {
		Files.writeString(this.directory.resolve(file), text);
	}

	private List<String> calls() throws IOException {
		return Files.readAllLines(this.directory.resolve("calls"));
	}

	private Call start(String... images) {
		return new Call(List.of("env", "LC_ALL=C", "PATH=" + this.directory + ":" + System.getenv("PATH"), "sh", "-s"),
				this.directory, Script.TRAIN.with(images));
	}

	/** While lines arrive. */
	private Reply train(String... images) throws Exception {
		Call call = start(images);
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
		while (call.isRunning() && System.nanoTime() < end) {
			call.send("alive\n");
			TimeUnit.MILLISECONDS.sleep(50);
		}
		return call.await(Duration.ofSeconds(1)).fold((reply) -> reply, (reason) -> {
			throw new AssertionError(reason);
		});
	}

	@Test
	void makesOneCacheAfterTheOther() throws Exception {
		Reply reply = train("kit/a:1", "kit/b:2");
		assertThat(reply.out()).matches("made kit/a:1 97 \\d+\nmade kit/b:2 97 \\d+\n");
		assertThat(reply.err()).isEmpty();
		assertThat(calls()).hasSize(4)
			.element(0)
			.asString()
			.startsWith(
					"run --detach --pull never --name pi-swarm-kit-training --volume pi-swarm-kit-classes:/app/cache ")
			.contains(" --read-only ", " --network none ", " --memory 256m ", " --cpus 1 ", " CLASS_CACHE=train ",
					" CLASS_CACHE_BUILDS=aa bb ")
			.matches(".* CLASS_CACHE_FREE=\\d+ kit/a:1");
		assertThat(calls()).element(1).isEqualTo("removed");
		assertThat(calls()).element(2).asString().endsWith(" kit/b:2");
		assertThat(this.directory.resolve("container")).doesNotExist();
	}

	@Test
	void saysWhyThereIsNoCache() throws Exception {
		write("log", "none 12 MiB of the disk are free, and 300 are needed\n");
		assertThat(train("kit/gone:1", "kit/other:1", "kit/a:1").out()).isEqualTo("""
				none kit/gone:1 No such image: kit/gone:1
				none kit/other:1 it does not start with /app/start, as the images of this kit do
				none kit/a:1 12 MiB of the disk are free, and 300 are needed
				""");
		write("log", "Killed\n");
		assertThat(train("kit/a:1").out()).isEqualTo("none kit/a:1 the training ended early: Killed\n");
		write("log", "present\n");
		assertThat(train("kit/a:1").out()).isEqualTo("present kit/a:1\n");
	}

	@Test
	void saysWhyAContainerDoesNotStart() throws Exception {
		docker("printf 'docker: Error response from daemon: no space left on device.\\n\\nRun docker run --help\\n' >&2; exit 125");
		assertThat(train("kit/a:1").out()).isEqualTo("none kit/a:1 no space left on device.\n");
	}

	@Test
	void removesTheContainerWhenTheLinesEnd() throws Exception {
		docker("echo true >container");
		Call call = start("kit/a:1", "kit/b:1");
		while (call.isRunning() && !Files.exists(this.directory.resolve("container"))) {
			TimeUnit.MILLISECONDS.sleep(20);
		}
		assertThat(call.await(Duration.ofSeconds(10)).map(Reply::out).value()).contains("");
		assertThat(calls()).hasSize(2).element(1).isEqualTo("removed");
		assertThat(this.directory.resolve("container")).doesNotExist();
	}

	@Test
	void leavesTheTrainingOfAnotherCommand() throws Exception {
		write("container", "true\n");
		assertThat(train("kit/a:1").out()).isEqualTo("none kit/a:1 another training is in progress on this machine\n");
		assertThat(this.directory.resolve("container")).exists();
	}

	@Test
	void removesWhatAScriptThatWasKilledHasLeft() throws Exception {
		write("container", "false\n");
		assertThat(train("kit/a:1").out()).startsWith("made kit/a:1 97 ");
		assertThat(calls()).hasSize(3).element(0).isEqualTo("removed");
	}

	@Test
	void anEngineThatHangsIsNoAnswer() throws Exception {
		program("timeout", "exit 124");
		assertThat(train("kit/a:1").out()).isEqualTo("none kit/a:1 Docker did not answer within 60 s\n");
	}

}

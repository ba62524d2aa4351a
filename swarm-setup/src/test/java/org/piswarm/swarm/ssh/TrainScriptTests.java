package org.piswarm.swarm.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs {@code train.sh} on this machine, next to a fake {@code docker}: the file
 * {@code container} says whether the one of the training runs, and its ID; {@code log} is
 * its last line.
 */
@EnabledOnOs(OS.LINUX)
class TrainScriptTests {

	private final Path directory;

	private final Map<String, String> variables = new TreeMap<>();

	TrainScriptTests(@TempDir Path directory) throws IOException {
		this.directory = directory;
		docker("echo false c1 >container; echo c1");
		write("log", "made 97\n");
	}

	/**
	 * A container does this when it starts. If there is a file {@code silent}, the engine
	 * does not say whether there is one, for the reason in it; with a file {@code stuck},
	 * none can be removed, but only once.
	 */
	private void docker(String start) throws IOException {
		program("docker",
				"""
						cd "${0%/*}"
						case "$*" in
						  'image ls --all --quiet --no-trunc') printf 'sha256:1\\nsha256:2\\n' ;;
						  'container ls --all --quiet --no-trunc') echo old ;;
						  'inspect --format '*Labels*' sha256:1 sha256:2 old') printf 'sha256:aa\\nsha256:bb\\nsha256:cc\\n' ;;
						  'image inspect '*Entrypoint*' kit/gone:1') echo 'Error response from daemon: No such image: kit/gone:1' >&2; exit 1 ;;
						  'image inspect '*Entrypoint*' kit/other:1') echo /entry ;;
						  'image inspect '*Entrypoint*) echo /app/start ;;
						  'info '*) pwd ;;
						  'inspect '*Running*)
						    echo "$*" >>asked
						    [ ! -e silent ] || { cat silent >&2; exit 1; }
						    [ -e container ] || { echo "Error response from daemon: No such object: pi-swarm-kit-training" >&2; exit 1; }
						    read -r running id <container
						    case "$*" in
						      *' {{.Id}} pi-swarm-kit-training') echo "$running $id" ;;
						      *" $id") echo "$running" ;;
						      *) echo "what? $*" >>calls ;;
						    esac
						    ;;
						  'create '*) echo "$*" >>calls; START ;;
						  'start '*) [ ! -e broken ] || { cat broken >&2; exit 1; } ;;
						  'logs --tail 1 '*) cat log ;;
						  'stop -t 5 '*) echo "stopped $4" >>calls ;;
						  'rm --force '*)
						    echo "removed $3" >>calls
						    ! rm stuck 2>/dev/null || { echo 'removal is stuck' >&2; exit 1; }
						    rm container
						    ;;
						  *) echo "what? $*" >>calls; exit 9 ;;
						esac"""
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
		List<String> command = new ArrayList<>(
				List.of("env", "LC_ALL=C", "PATH=" + this.directory + ":" + System.getenv("PATH")));
		this.variables.forEach((name, value) -> command.add(name + "=" + value));
		command.addAll(List.of("sh", "-s"));
		return new Call(command, this.directory, Script.TRAIN.with(images));
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
		assertThat(calls()).hasSize(6)
			.element(0)
			.asString()
			.startsWith("create --pull never --name pi-swarm-kit-training --volume pi-swarm-kit-classes:/app/cache ")
			.contains(" --read-only ", " --network none ", " --memory 400m ", " --cpus 1 ", " --pids-limit 200 ",
					" --cap-drop ALL --cap-add DAC_OVERRIDE ", " CLASS_CACHE=make ", " CLASS_CACHE_KEPT=aa bb cc ")
			.matches(".* CLASS_CACHE_FREE=\\d+ kit/a:1");
		assertThat(calls().subList(1, 3)).containsExactly("stopped c1", "removed c1");
		assertThat(calls()).element(3).asString().endsWith(" kit/b:2");
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
	void removesAContainerThatDoesNotStart() throws Exception {
		write("broken", "Error response from daemon: no CPU quota\nError: failed to start containers: c1\n");
		assertThat(train("kit/a:1").out()).isEqualTo("none kit/a:1 no CPU quota\n");
		assertRemoved();
	}

	/** A training that does not end, in which no line arrives. */
	private Call quiet() throws Exception {
		docker("echo true c1 >container; echo c1");
		Call call = start("kit/a:1", "kit/b:1");
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
		while (call.isRunning() && !Files.exists(this.directory.resolve("container")) && System.nanoTime() < end) {
			TimeUnit.MILLISECONDS.sleep(20);
		}
		return call;
	}

	private void assertRemoved() throws IOException {
		assertThat(calls()).hasSize(3).endsWith("stopped c1", "removed c1");
		assertThat(this.directory.resolve("container")).doesNotExist();
	}

	@Test
	void removesTheContainerWhenTheLinesEnd() throws Exception {
		assertThat(quiet().await(Duration.ofSeconds(10)).map(Reply::out).value()).contains("");
		assertRemoved();
	}

	@Test
	@Tag("slow")
	void removesTheContainerWhenNoLineArrivesFor15Seconds() throws Exception {
		Call call = quiet();
		long start = System.nanoTime();
		while (call.isRunning() && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(40)) {
			TimeUnit.MILLISECONDS.sleep(50);
		}
		assertThat(call.isRunning()).isFalse();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(12));
		assertThat(call.await(Duration.ofSeconds(1)).map(Reply::out).value()).contains("");
		assertRemoved();
	}

	@Test
	void aTrainingThatHangsIsEnded() throws Exception {
		docker("echo true c1 >container; echo c1");
		this.variables.put("TRAINING_LIMIT", "2");
		assertThat(train("kit/a:1").out()).isEqualTo("none kit/a:1 the training did not end\n");
		assertRemoved();
	}

	/**
	 * On a small computer, a question takes most of a second of its processor. Lines that
	 * have arrived meanwhile are no reason for the next one.
	 */
	@Test
	void asksSeldom() throws Exception {
		docker("echo true c1 >container; echo c1");
		this.variables.put("TRAINING_LIMIT", "3");
		// About 20 lines a second.
		train("kit/a:1");
		assertThat(Files.readAllLines(this.directory.resolve("asked"))).hasSizeBetween(3, 20);
	}

	@Test
	void leavesTheTrainingOfAnotherCommand() throws Exception {
		write("container", "true other\n");
		assertThat(train("kit/a:1").out()).isEqualTo("none kit/a:1 another training is in progress on this machine\n");
		assertThat(this.directory.resolve("container")).exists();
		assertThat(this.directory.resolve("calls")).doesNotExist();
	}

	@Test
	void leavesTheTrainingOfAnotherCommandThatStartsAtTheSameTime() throws Exception {
		docker("echo true other >container; printf 'docker: Error response from daemon: Conflict. The name is in use.\\n' >&2; exit 125");
		assertThat(train("kit/a:1").out()).isEqualTo("none kit/a:1 Conflict. The name is in use.\n");
		assertThat(this.directory.resolve("container")).exists();
		assertThat(calls()).hasSize(1);
	}

	@Test
	void removesWhatAScriptThatWasKilledHasLeft() throws Exception {
		write("container", "false old\n");
		assertThat(train("kit/a:1").out()).startsWith("made kit/a:1 97 ");
		assertThat(calls()).hasSize(5).startsWith("stopped old", "removed old");
	}

	@Test
	void aContainerThatCouldNotBeRemovedIsNoTrainingInProgress() throws Exception {
		write("stuck", "");
		assertThat(train("kit/a:1", "kit/b:1").out()).matches("made kit/a:1 97 \\d+\nmade kit/b:1 97 \\d+\n");
		assertThat(calls().subList(1, 5)).containsExactly("stopped c1", "removed c1", "stopped c1", "removed c1");
	}

	@Test
	void doesNotStartOneIfItIsUnknownWhetherOneRuns() throws Exception {
		write("silent", "Error response from daemon: context deadline exceeded\n");
		assertThat(train("kit/a:1").out()).isEqualTo("none kit/a:1 context deadline exceeded\n");
		assertThat(this.directory.resolve("calls")).doesNotExist();
	}

	@Test
	void keepsAllCachesIfItIsUnknownWhatImagesNeed() throws Exception {
		Path docker = this.directory.resolve("docker");
		Files.writeString(docker, Files.readString(docker).replace("'container ls --all", "'no ls --all"));
		assertThat(train("kit/a:1").out()).startsWith("made ");
		assertThat(calls()).anyMatch((line) -> line.contains(" --env CLASS_CACHE_KEPT= "));
	}

	@Test
	void anEngineThatHangsIsNoAnswer() throws Exception {
		program("timeout", "exit 124");
		assertThat(train("kit/a:1").out()).isEqualTo("none kit/a:1 Docker did not answer within 60 s\n");
	}

}

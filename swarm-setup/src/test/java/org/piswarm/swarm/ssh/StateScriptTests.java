package org.piswarm.swarm.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs {@code backup.sh} and {@code restore.sh} on this machine, next to a fake engine.
 * The engine runs while the file {@code running} exists; {@code calls} has what systemd
 * was asked for.
 */
@EnabledOnOs(OS.LINUX)
class StateScriptTests {

	private static final Duration LIMIT = Duration.ofSeconds(30);

	private final Path directory;

	/** Not /var/lib/docker: the engine says where it is. */
	private final Path root;

	private final Process engine;

	/**
	 * Another one, which starts instead and does not stop, if {@code stuck} has its ID.
	 */
	private final Process stuck;

	StateScriptTests(@TempDir Path directory) throws IOException {
		this.directory = directory;
		this.root = Files.createDirectories(directory.resolve("ssd/docker"));
		Files.createDirectories(directory.resolve("run"));
		this.engine = new ProcessBuilder("sleep", "60").start();
		this.stuck = new ProcessBuilder("sleep", "60").start();
		write("pid", this.engine.pid() + "\n");
		write("state", "active\n");
		write("running", "");
		program("docker", """
				cd "${0%/*}"
				[ -e running ] || { echo 'Cannot connect to the Docker daemon' >&2; exit 1; }
				case "$*" in
				  *DockerRootDir*) echo "$PWD/ssd/docker" ;;
				  *LocalNodeState*) cat state ;;
				  *ControlAvailable*) echo true ;;
				  'swarm init '*)
				    echo "$*" >>calls
				    [ ! -e refuses ] || { cat refuses >&2; exit 1; }
				    echo active >state ;;
				esac""");
		program("systemctl", """
				cd "${0%/*}"
				echo "$*" >>calls
				case "$*" in
				  show*) cat pid ;;
				  *stop*)
				    [ ! -e stubborn ] || exit 1
				    rm -f running
				    kill "$(cat pid)" 2>/dev/null
				    while kill -0 "$(cat pid)" 2>/dev/null; do sleep 0.05; done ;;
				  *start*)
				    while [ -e slow ]; do sleep 0.05; done
				    [ ! -e broken ] || { echo 'Job for docker.service failed.' >&2; exit 1; }
				    [ ! -e state.restored ] || [ ! -e ssd/docker/swarm/docker-state.json ] || mv state.restored state
				    [ ! -e stuck ] || { cp stuck pid && touch stubborn; }
				    touch running ;;
				esac""");
	}

	@AfterEach
	void stopEngine() {
		this.engine.destroyForcibly();
		this.stuck.destroyForcibly();
	}

	private void write(String file, String text) throws IOException {
		Files.writeString(this.directory.resolve(file), text);
	}

	private void program(String name, String lines) throws IOException {
		write(name, "#!/bin/sh\n" + lines + "\n");
		assertThat(this.directory.resolve(name).toFile().setExecutable(true)).isTrue();
	}

	/** The state of a manager below a directory. */
	private static void state(Path root) throws IOException {
		Files.createDirectories(root.resolve("swarm/raft"));
		Files.writeString(root.resolve("swarm/raft/wal"), "the keys");
		Files.writeString(root.resolve("swarm/docker-state.json"), "{}");
	}

	/** Starts a script, with its directories here and short limits. */
	private Call start(String script, String... shell) {
		List<String> command = List.of("env", "LC_ALL=C", "PATH=" + this.directory + ":" + System.getenv("PATH"), "sh",
				"-c", (shell.length == 0) ? "exec sh -s" : shell[0]);
		String text = script.replace("/run/", this.directory + "/run/").replace("SECONDS + 120", "SECONDS + 2");
		return new Call(command, this.directory, text);
	}

	private static void until(Call call, String text) throws InterruptedException {
		long end = System.nanoTime() + LIMIT.toNanos();
		while (!call.outSoFar().contains(text)) {
			assertThat(System.nanoTime()).as(call.outSoFar()).isLessThan(end);
			TimeUnit.MILLISECONDS.sleep(20);
		}
	}

	private String outOf(Call call) {
		return call.await(LIMIT).fold(Reply::out, (reason) -> reason);
	}

	private String backup() {
		return outOf(start(Script.BACKUP.text()));
	}

	private boolean runs() {
		return Files.exists(this.directory.resolve("running"));
	}

	@Test
	void savesTheStateBelowTheDataRootWhileTheEngineIsOff() throws Exception {
		state(this.root);
		Call call = start(Script.BACKUP.text());
		until(call, "back\n");
		assertThat(runs()).isTrue();
		Path saved = this.directory.resolve("run/swarm-backup/swarm.tgz");
		Process tar = new ProcessBuilder("tar", "--extract", "--gzip", "--to-stdout", "--file", saved.toString(),
				"swarm/raft/wal")
			.start();
		assertThat(new String(tar.getInputStream().readAllBytes())).isEqualTo("the keys");
		Process sum = new ProcessBuilder("sha256sum", saved.toString()).start();
		String checksum = new String(sum.getInputStream().readAllBytes()).substring(0, 64);
		assertThat(outOf(call)).isEqualTo("stopping\nsaved " + checksum + "\nback\n");
		assertThat(saved.getParent()).doesNotExist();
	}

	@Test
	void startsTheEngineAgainAfterTheConnectionBroke() throws Exception {
		state(this.root);
		// Nobody reads what it says after its first line.
		outOf(start(Script.BACKUP.text(), "sh -s | head -n 1"));
		assertThat(this.directory.resolve("calls")).content().contains("stop docker.socket docker.service");
		assertThat(runs()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void stopsNoEngineIfNobodyHearsIt(boolean refused) throws Exception {
		state(this.root);
		if (refused) {
			program("df", "echo Avail; echo 0");
		}
		outOf(start(Script.BACKUP.text(), "exec sh -s >/dev/full"));
		assertThat(this.directory.resolve("calls")).content().doesNotContain("stop ");
		assertThat(this.directory.resolve("run")).isDirectoryNotContaining("glob:**/swarm-{backup,restore}");
	}

	@Test
	void holdsTheLockOfTheSwarmUntilTheEngineRuns() throws Exception {
		state(this.root);
		Call lock = start(Script.LOCK.text());
		until(lock, "mine\n");
		write("slow", "");
		Call call = start(Script.BACKUP.text());
		until(call, "saved ");
		lock.close();
		call.endInput();
		assertThat(outOf(start("while flock -n /run/swarm-deploy.lock true; do sleep 0.05; done; echo taken")))
			.isEqualTo("taken\n");
		Files.delete(this.directory.resolve("slow"));
		outOf(call);
		assertThat(outOf(start("flock -n /run/swarm-deploy.lock echo free"))).isEqualTo("free\n");
	}

	@Test
	void leavesTheLockToTheCommand() throws Exception {
		state(this.root);
		Call lock = start(Script.LOCK.text());
		until(lock, "mine\n");
		assertThat(backup()).endsWith("back\n");
		assertThat(restore(checksum())).isEqualTo("ready\nrestored\n");
		assertThat(outOf(lock)).isEqualTo("mine\n");
		assertThat(outOf(start("flock -n /run/swarm-deploy.lock echo free"))).isEqualTo("free\n");
	}

	@Test
	void saysThatAProgramGaveNoReason() throws Exception {
		state(this.root);
		program("tar", "exit 1");
		assertThat(backup()).isEqualTo("stopping\nfailed tar did not end within 120 s\nback\n");
	}

	@Test
	void copiesNothingWhileTheEngineRuns() throws Exception {
		state(this.root);
		write("stubborn", "");
		assertThat(backup()).isEqualTo("stopping\nfailed its engine did not stop within 100 s\nback\n");
	}

	@Test
	void startsTheEngineAgainIfTheDiskIsFull() throws Exception {
		state(this.root);
		program("tar", "echo 'tar: swarm.tgz: Cannot write' >&2; echo 'tar: No space left on device' >&2; exit 2");
		assertThat(backup()).isEqualTo("stopping\nfailed tar: No space left on device\nback\n");
		assertThat(runs()).isTrue();
		assertThat(this.directory.resolve("run")).isDirectoryNotContaining("glob:**/swarm-{backup,restore}");
	}

	@Test
	void saysThatTheEngineDoesNotComeBack() throws Exception {
		state(this.root);
		write("broken", "");
		assertThat(backup()).matches("stopping\nsaved [0-9a-f]{64}\nlost Job for docker.service failed.\n");
	}

	@Test
	void saysThatTheEngineLeftTheSwarm() throws Exception {
		state(this.root);
		write("state", "error\n");
		assertThat(backup()).matches("stopping\nsaved [0-9a-f]{64}\nlost its part in the Swarm is error\n");
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', textBlock = """
			docker;    exit 1;                                    its engine does not answer
			systemctl; echo 0;                                    systemd does not run its engine as docker.service
			df;        echo Avail; echo 7;
			""")
	void refusesWhatItCannotDo(String name, String lines, String reason) throws Exception {
		state(this.root);
		program(name, name.equals("df") ? "echo Avail; echo 7" : lines);
		assertThat(backup())
			.isEqualTo("refused " + (name.equals("df") ? "7 MiB are free in /run, and 8 are needed" : reason) + "\n");
		assertThat(runs()).isTrue();
	}

	@Test
	void refusesAPiWithoutAState() throws Exception {
		assertThat(backup()).isEqualTo("refused there is no state of a manager in " + this.root + "/swarm\n");
	}

	private String restore(String checksum, String... shell) throws Exception {
		write("state", "inactive\n");
		write("state.restored", "error\n");
		Path made = Files.createDirectories(this.directory.resolve("made"));
		state(made);
		Call call = start("set -- " + checksum + " 10.0.0.1\n" + Script.RESTORE.text(), shell);
		until(call, "ready\n");
		Path file = this.directory.resolve("run/swarm-restore/swarm.tgz");
		Process tar = new ProcessBuilder("tar", "--create", "--gzip", "--directory", made.toString(), "--file",
				file.toString(), "--mtime=@0", "swarm")
			.inheritIO()
			.start();
		assertThat(tar.waitFor()).isZero();
		if (checksum.isEmpty()) {
			call.close();
			return new String(new ProcessBuilder("sha256sum", file.toString()).start().getInputStream().readAllBytes())
				.substring(0, 64);
		}
		call.send("go\n");
		return outOf(call);
	}

	@Test
	void restoresTheStateBelowTheDataRoot() throws Exception {
		Files.createDirectories(this.root.resolve("swarm"));
		Files.writeString(this.root.resolve("swarm/old"), "");
		assertThat(restore(checksum())).isEqualTo("ready\nrestored\n");
		assertThat(this.root.resolve("swarm/raft/wal")).hasContent("the keys");
		assertThat(this.root.resolve("swarm/old")).doesNotExist();
		assertThat(this.root).isDirectoryNotContaining("glob:**.{new,old}");
		assertThat(this.directory.resolve("calls")).content()
			.contains("swarm init --force-new-cluster --advertise-addr 10.0.0.1\n");
		assertThat(runs()).isTrue();
		assertThat(this.directory.resolve("run")).isDirectoryNotContaining("glob:**/swarm-{backup,restore}");
	}

	private String checksum() throws Exception {
		return restore("");
	}

	@Test
	void changesNothingIfTheFileIsNotWhole() throws Exception {
		assertThat(restore("0".repeat(64))).isEqualTo("ready\nfailed the state did not arrive completely\n");
		assertThat(this.directory.resolve("calls")).doesNotExist();
	}

	@Test
	void changesNothingIfTheConnectionBreaksBefore() {
		assertThat(outOf(start("set -- x 10.0.0.1\n" + Script.RESTORE.text()))).isEqualTo("ready\n");
		assertThat(this.directory.resolve("calls")).doesNotExist();
		assertThat(this.directory.resolve("run")).isDirectoryNotContaining("glob:**/swarm-{backup,restore}");
	}

	@Test
	void neverCreatesANewSwarm() throws Exception {
		String checksum = checksum();
		program("mv", "/bin/mv \"$@\"; rm -f \"${0%/*}/state.restored\"");
		assertThat(restore(checksum))
			.isEqualTo("ready\nfailed its engine did not read the restored state: its part in a Swarm is inactive\n");
		assertThat(this.directory.resolve("calls")).content().doesNotContain("swarm init");
		assertThat(runs()).isTrue();
	}

	@Test
	void returnsToTheFormerState() throws Exception {
		String checksum = checksum();
		Files.createDirectories(this.root.resolve("swarm"));
		Files.writeString(this.root.resolve("swarm/old"), "");
		write("refuses", "Error response from daemon: no\n");
		assertThat(restore(checksum)).isEqualTo("ready\nfailed Error response from daemon: no\n");
		assertThat(this.root.resolve("swarm")).isDirectoryContaining("glob:**/old");
		assertThat(this.root.resolve("swarm/raft")).doesNotExist();
		assertThat(runs()).isTrue();
	}

	@Test
	void saysThatTheEngineGaveNoReason() throws Exception {
		String checksum = checksum();
		write("refuses", "");
		assertThat(restore(checksum)).isEqualTo("ready\nfailed its engine did not answer within 60 s\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "exec sh -s", "sh -s | head -n 1" })
	void deletesNoStateOfAnEngineThatRuns(String shell) throws Exception {
		String checksum = checksum();
		Files.createDirectories(this.root.resolve("swarm"));
		write("refuses", "Error response from daemon: no\n");
		write("stuck", this.stuck.pid() + "\n");
		assertThat(restore(checksum, shell)).isEqualTo("ready\n" + (shell.contains("head") ? ""
				: "lost Error response from daemon: no; and its engine does not stop\n"));
		assertThat(this.root.resolve("swarm/raft/wal")).exists();
	}

	@Test
	void saysThatTheEngineDoesNotStartWithAnyState() throws Exception {
		String checksum = checksum();
		Files.createDirectories(this.root.resolve("swarm"));
		Files.writeString(this.root.resolve("swarm/old"), "");
		write("broken", "");
		assertThat(restore(checksum)).isEqualTo(
				"ready\nlost its engine does not start with the restored state; and its engine does not answer\n");
		assertThat(this.root.resolve("swarm")).isDirectoryContaining("glob:**/old");
	}

	@Test
	void restoresToTheEndIfTheConnectionBreaksMeanwhile() throws Exception {
		assertThat(restore(checksum(), "sh -s | head -n 1")).isEqualTo("ready\n");
		assertThat(this.root.resolve("swarm/raft/wal")).hasContent("the keys");
		assertThat(runs()).isTrue();
	}

	@Test
	void changesNothingIfTheEngineDoesNotStop() throws Exception {
		String checksum = checksum();
		write("stubborn", "");
		assertThat(restore(checksum)).isEqualTo("ready\nfailed its engine did not stop within 100 s\n");
		assertThat(this.root).isEmptyDirectory();
	}

	@Test
	void aPiThatIsInASwarmByNowStays() throws Exception {
		String checksum = checksum();
		program("docker", "case \"$*\" in *Root*) echo '" + this.root + "' ;; *) echo active ;; esac");
		assertThat(restore(checksum)).isEqualTo("ready\nfailed it is in a Swarm now\n");
		assertThat(this.directory.resolve("calls")).doesNotExist();
	}

}

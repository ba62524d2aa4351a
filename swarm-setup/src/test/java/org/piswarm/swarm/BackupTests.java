package org.piswarm.swarm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.piswarm.swarm.ScriptedPis.node;
import static org.piswarm.swarm.ScriptedPis.service;
import static org.piswarm.swarm.ScriptedPis.state;

/** {@code swarm backup}, from its arguments to the file, output and exit code. */
@Tag("slow") // Each test starts the command; CheckTests do so on each JDK.
class BackupTests {

	private static final String PRODUCER = service("1", "numbers_producer", "\"Replicated\":{\"Replicas\":2}", "")
		.replace("\"Mode\"", "\"Labels\":{\"com.docker.stack.namespace\":\"numbers\"},\"Mode\"");

	private static final String MANAGER = "\"Role\":\"manager\"";

	private final Path directory;

	private Path file;

	private ScriptedPis pis;

	BackupTests(@TempDir Path directory) throws IOException {
		this.directory = directory;
		this.pis = ScriptedPis.healthy(this.directory);
		this.pis.pi(1).knows(state(node(1), node(2), node(3), PRODUCER)).saves("the state");
		this.file = Files.createDirectory(this.directory.resolve("laptop")).resolve("backup.zip");
	}

	private ScriptedPis.Result backup(String... options) throws Exception {
		return this.pis
			.swarm(Stream.concat(Stream.of("backup", this.file.toString()), Stream.of(options)).toArray(String[]::new));
	}

	private List<String> files() throws IOException {
		try (Stream<Path> files = Files.list(this.directory.resolve("laptop"))) {
			return files.map((path) -> path.getFileName().toString()).toList();
		}
	}

	@Test
	void savesTheStateWithAManifestAndChecksums() throws Exception {
		assertThat(backup().exitsWith(0).out()).contains(
				"pi@pi1 stops its engine, and its containers, for some seconds", this.file + ": 1 KB, for you alone",
				"what pi@pi1 ran starts again by now");
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(this.file))).isEqualTo("rw-------");
		assertThat(files()).containsExactly("backup.zip");
		assertThat(entry("swarm.tgz")).isEqualTo("the state");
		assertThat(entry("manifest.json")).contains(ScriptedPi.SWARM_A, "26.1.5", "\"pi3\"", "10.0.0.1",
				"numbers_producer", "localhost/kit:1", "\"numbers\"");
		assertThat(entry("SHA256SUMS")).containsPattern("(?m)^[0-9a-f]{64}  manifest.json$")
			.containsPattern("(?m)^[0-9a-f]{64}  swarm.tgz$");
		assertThat(this.pis.changes()).containsExactly("pi1 backup");
	}

	private String entry(String name) throws IOException {
		try (ZipFile zip = new ZipFile(this.file.toFile())) {
			return new String(zip.getInputStream(zip.getEntry(name)).readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	@Test
	void overwritesNothingAndNamesWhatItCannotWrite() throws Exception {
		Files.writeString(this.file, "mine");
		assertThat(backup().exitsWith(1).err())
			.isEqualTo("swarm: " + this.file + " already exists: name a new file; nothing is overwritten\n");
		this.file = this.directory.resolve("none/backup.zip");
		assertThat(backup().exitsWith(1).err())
			.isEqualTo("swarm: cannot write to " + this.directory.resolve("none") + ": name a file elsewhere\n");
		assertThat(this.pis.swarm("backup").exitsWith(2).err()).contains("FILE").hasLineCount(1);
		assertThat(this.pis.changes()).isEmpty();
	}

	@Test
	void dryRunStopsNoEngine() throws Exception {
		assertThat(backup("--dry-run").exitsWith(0).out()).contains(
				"would stop the engine of pi@pi1 for some seconds, and save the state of the Swarm in " + this.file);
		assertThat(this.pis.changes()).isEmpty();
		assertThat(files()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';',
			textBlock = """
					refused there is no state of a manager in /x/swarm;     ; there is no state of a manager in /x/swarm. Its engine was not stopped, and nothing was kept
					failed its engine did not stop within 100 s;        back; the backup failed: its engine did not stop within 100 s; the engine runs again, nothing was kept
					failed tar: No space left on device;                back; the backup failed: tar: No space left on device; the engine runs again, nothing was kept
					failed tar: No space left on device; lost Job for docker.service failed.; nothing was kept
					""",
			quoteCharacter = '"')
	void keepsNothingIfTheStateWasNotSaved(String first, String second, String message) throws Exception {
		this.pis.pi(1).answers("backup", (second == null) ? first : first + "\n" + second);
		String err = backup().exitsWith(1).err();
		assertThat(err).startsWith("swarm: pi@pi1: ").containsIgnoringCase(message).hasLineCount(1);
		if (second != null && second.startsWith("lost")) {
			assertThat(err).contains("Its engine does not run again: Job for docker.service failed.",
					"sudo systemctl restart docker");
		}
		assertThat(files()).isEmpty();
	}

	@Test
	void keepsTheFileIfTheEngineDoesNotComeBack() throws Exception {
		this.pis.pi(1).answers("backup", "saved " + sha256("the state"), "lost Job for docker.service failed.");
		assertThat(backup().exitsWith(1).err())
			.startsWith("pi@pi1: Its engine does not run again: Job for docker.service failed. Run")
			.endsWith(
					"swarm: pi@pi1: the backup is in " + this.file + ", and the engine does not run again: see above\n")
			.hasLineCount(2);
		assertThat(entry("swarm.tgz")).isEqualTo("the state");
	}

	@Test
	void saysThatTheEngineIsStoppedIfTheFileCannotBeWritten() throws Exception {
		this.pis.pi(1)
			.answers("backup", "saved " + sha256("the state"), "lost Job for docker.service failed.")
			.deletesAtDownload(this.directory.resolve("laptop"));
		assertThat(backup().exitsWith(1).err())
			.startsWith("pi@pi1: Its engine does not run again: Job for docker.service failed. Run")
			.contains("swarm: cannot write " + this.file)
			.hasLineCount(2);
	}

	@Test
	void anInterruptionSaysThatTheEngineIsStopped() throws Exception {
		this.pis.pi(1)
			.answers("backup", "saved " + sha256("the state"), "lost Job for docker.service failed.")
			.hangsIn("download");
		String text = "pi@pi1: Its engine does not run again: Job for docker.service failed. Run 'sudo systemctl restart "
				+ "docker' on it; 'journalctl -u docker' says more\n";
		assertThat(this.pis.interrupted(() -> {
		}, "stops its engine", "backup", this.file.toString()).exitsWith(143).err())
			.isEqualTo(text + "swarm: interrupted; " + text);
		assertThat(files()).isEmpty();
	}

	@Test
	void countsOnlyManagersWhoseEngineAnswers() throws Exception {
		this.pis.pi(2).in("active", true);
		this.pis.pi(3).doesNotSay("docker_info").says("docker_silent=timeout");
		this.pis.pi(1).knows(state(node(1), node(2, MANAGER), node(3, MANAGER)));
		assertThat(this.pis.swarmOf(this.pis.threeManagers(), "backup", this.file.toString()).exitsWith(1).err())
			.startsWith("swarm: the managers have no majority while the engine of pi2 is stopped")
			.hasLineCount(1);
		assertThat(this.pis.changes()).isEmpty();
	}

	@Test
	void takesNoAddressFromAPiThatIsNotThatNode() throws Exception {
		this.pis.pi(2).in("active", true);
		this.pis.pi(3).in("active", true).saves("of pi3");
		this.pis.pi(4).says(this.pis.pi(4).fact("docker_info").replace(ScriptedPi.id(4), ScriptedPi.id(2)));
		this.pis.pi(1).knows(state(node(1), node(2, MANAGER), node(3, MANAGER)));
		String list = Files
			.writeString(this.directory.resolve("four"), "pi@pi1\npi@pi2 manager\npi@pi3 manager\npi@pi4\n")
			.toString();
		this.pis.swarmOf(list, "backup", this.file.toString()).exitsWith(0);
		assertThat(entry("manifest.json")).contains("\"10.0.0.2\"").doesNotContain("10.0.0.4");
	}

	private static String sha256(String text) throws Exception {
		return HexFormat.of()
			.formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
	}

	@Test
	void keepsNothingThatDidNotArriveCompletely() throws Exception {
		this.pis.pi(1).answers("backup", "saved " + sha256("the state"), "back").saves("the sta");
		assertThat(backup().exitsWith(1).err()).isEqualTo(
				"swarm: pi@pi1: the backup did not arrive completely; the engine runs again, nothing was kept: run it again\n");
		assertThat(files()).isEmpty();
	}

	@Test
	void aConnectionThatBreaksIsNotAnEngineThatRuns() throws Exception {
		this.pis.pi(1).losesTheBackup();
		assertThat(backup().exitsWith(1).err())
			.startsWith("swarm: pi@pi1 did not say whether the backup was made; "
					+ "a script on it starts its engine again within 6 minutes. Nothing was kept")
			.hasLineCount(1);
		assertThat(files()).isEmpty();
	}

	@Test
	void stopsTheEngineOfAManagerThatDoesNotLead() throws Exception {
		this.pis.pi(2).in("active", true).saves("of pi2");
		this.pis.pi(3).in("active", true);
		this.pis.pi(1).knows(state(node(1), node(2, MANAGER), node(3, MANAGER, "\"State\":\"ready\"")));
		assertThat(this.pis.swarmOf(this.pis.threeManagers(), "backup", this.file.toString()).exitsWith(0).out())
			.contains("pi@pi2 stops its engine");
		assertThat(entry("swarm.tgz")).isEqualTo("of pi2");
	}

	@Test
	void stopsNoEngineWithoutWhichThereIsNoMajority() throws Exception {
		this.pis.pi(2).in("active", true);
		this.pis.pi(3).refuses("ssh: connect to host pi3 port 22: No route to host");
		this.pis.pi(1).knows(state(node(1), node(2, MANAGER), node(3, MANAGER, "\"State\":\"down\"")));
		assertThat(this.pis.swarmOf(this.pis.threeManagers(), "backup", this.file.toString()).exitsWith(1).err())
			.startsWith(
					"swarm: the managers have no majority while the engine of pi2 is stopped, so it was not stopped")
			.hasLineCount(1);
		assertThat(this.pis.changes()).isEmpty();
	}

	@Test
	void stopsNoEngineDuringAnUpdateOrIfItNeedsAKey() throws Exception {
		this.pis.pi(1)
			.knows(state(node(1), node(2), node(3),
					PRODUCER.replaceFirst("}$", ",\"UpdateStatus\":{\"State\":\"updating\"}}")));
		assertThat(backup().exitsWith(1).err())
			.startsWith("swarm: numbers_producer: an update is in progress, so no engine was stopped");
		this.pis.pi(1)
			.says(this.pis.pi(1)
				.fact("docker_info")
				.replace("\"Cluster\":{", "\"Cluster\":{\"Spec\":{\"EncryptionConfig\":{\"AutoLockManagers\":true}},"))
			.ready(true);
		assertThat(backup().exitsWith(1).err()).startsWith("swarm: pi@pi1 needs its key each time its engine starts");
		assertThat(this.pis.changes()).isEmpty();
	}

	@Test
	void stopsNoEngineIfAnythingIsUnknown() throws Exception {
		this.pis.pi(1).knows(node(1), node(2), "read node", "failed service no answer within 25 s");
		assertThat(backup().exitsWith(1).err()).isEqualTo(
				"swarm: the services of the Swarm are unknown, so no engine was stopped: pi@pi1: no answer within 25 s\n");
		this.pis.pi(1).knows("failed node Error response from daemon: context deadline exceeded");
		assertThat(backup().exitsWith(1).err())
			.startsWith("swarm: the nodes of the Swarm are unknown, so no engine was stopped: pi@pi1: Error response");
		assertThat(this.pis.changes()).isEmpty();
	}

	@Test
	void changesNothingNextToAnotherCommand() throws Exception {
		this.pis.pi(1).isLocked();
		assertThat(backup().exitsWith(1).err()).contains("another command changes this Swarm at the moment");
		assertThat(this.pis.changes()).isEmpty();
		assertThat(files()).isEmpty();
	}

	@Test
	void anInterruptionLeavesNothingHere() throws Exception {
		this.pis.pi(1).hangsIn("backup");
		ScriptedPis.Result backup = this.pis.interrupted(() -> {
		}, "stops its engine", "backup", this.file.toString()).exitsWith(143);
		assertThat(backup.err()).isEqualTo(
				"swarm: interrupted; a script on pi@pi1 starts its engine again: check it with 'swarm check', then run it again to finish\n");
		assertThat(files()).isEmpty();
	}

}

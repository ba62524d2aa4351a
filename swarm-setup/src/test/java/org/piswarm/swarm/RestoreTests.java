package org.piswarm.swarm;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.piswarm.swarm.backup.BackupFile;
import org.piswarm.swarm.backup.Manifest;
import org.piswarm.swarm.backup.Manifest.Deployed;
import org.piswarm.swarm.backup.Manifest.Member;
import org.piswarm.swarm.docker.Service.Mode;
import org.piswarm.swarm.pis.Role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.piswarm.swarm.ScriptedPis.node;
import static org.piswarm.swarm.ScriptedPis.service;
import static org.piswarm.swarm.ScriptedPis.state;

/** {@code swarm restore}, from its arguments to its output and exit code. */
@Tag("slow") // Each test starts the command; CheckTests do so on each JDK.
class RestoreTests {

	private static final String PRODUCER = service("1", "numbers_producer", "\"Replicated\":{\"Replicas\":2}", "");

	private static final Manifest MANIFEST = new Manifest(Instant.parse("2026-11-25T20:00:00Z"), ScriptedPi.SWARM_A,
			"26.1.5",
			List.of(new Member(ScriptedPi.id(1), "pi1", Role.MANAGER, "10.0.0.1", true),
					new Member(ScriptedPi.id(2), "pi2", Role.WORKER, "10.0.0.2", true),
					new Member(ScriptedPi.id(3), "pi3", Role.WORKER, "10.0.0.3", false)),
			List.of(new Deployed("numbers_producer", "localhost/kit:1", Mode.REPLICATED, 2)), List.of("numbers"));

	private final Path directory;

	private final Path file;

	private final ScriptedPis pis;

	/** A Swarm whose manager is lost; a new Pi has its address, and Docker. */
	RestoreTests(@TempDir Path directory) throws IOException {
		this.directory = directory;
		this.file = Files.createFile(directory.resolve("backup.zip"));
		BackupFile.write(this.file, MANIFEST, Files.writeString(directory.resolve("state"), "the state"));
		this.pis = new ScriptedPis(directory);
		this.pis.pi(2);
		this.pis.pi(3);
		this.pis.pi(1)
			.in("inactive", false)
			.doesNotSay("certificate")
			.saysAfter("restore", (pi) -> pi.in("active", true))
			.knows(state(node(1), node(2), node(3), PRODUCER));
	}

	private ScriptedPis.Result restore(String... options) throws Exception {
		String[] arguments = new String[options.length + 2];
		arguments[0] = "restore";
		arguments[1] = this.file.toString();
		System.arraycopy(options, 0, arguments, 2, options.length);
		return this.pis.swarm(arguments);
	}

	@Test
	void restoresTheSwarmOfTheBackup() throws Exception {
		assertThat(restore().exitsWith(0).out())
			.contains("backup.zip is whole: made 2026-11-25T20:00:00Z, nodes: 3, services: 1",
					"pi@pi1: restores the state of the Swarm",
					"pi@pi1 is the manager again; waiting for the other nodes")
			.endsWith(" s  all nodes are back; 'swarm deploy' brings the images to the new one\n");
		assertThat(this.directory.resolve("pi1/uploaded")).hasContent("the state");
		assertThat(this.pis.changes())
			.containsExactly("set -- " + BackupFile.verify(this.file).checksum() + " 10.0.0.1");
		assertThat(this.directory.resolve("locks")).content().startsWith("pi1\n");
	}

	@Test
	void aSecondRunOnlyComparesTheSwarmWithTheBackup() throws Exception {
		this.pis.pi(1).in("active", true);
		assertThat(restore().exitsWith(0).out())
			.contains("pi@pi1 is already a node of that Swarm, so nothing is restored", "all nodes are back");
		assertThat(this.pis.changes()).isEmpty();
	}

	@Test
	void installsDockerOnANewPiFirst() throws Exception {
		this.pis.pi(1)
			.says("login_in_group=no")
			.says("daemon_json=no")
			.says("docker_logs_set=no")
			.says("memory_cgroup=no")
			.saysAfter("reboot", (pi) -> pi.says("boot_id=second").says("memory_cgroup=yes"))
			.bare();
		ScriptedPis.Result dry = restore("--dry-run").exitsWith(0);
		assertThat(dry.out()).contains("pi@pi1: would install Docker", "pi@pi1: would reboot",
				"pi@pi1: would restore the state of the Swarm");
		assertThat(this.pis.changes()).isEmpty();
		assertThat(restore().exitsWith(0).out()).contains("pi@pi1: installs Docker",
				"pi@pi1: limits the size of container logs", "pi@pi1: lets pi use docker", "pi@pi1: reboots");
		assertThat(this.pis.changes()).containsExactly("pi1 install-docker", "pi1 limit-logs", "pi1 docker-group",
				"pi1 reboot", "set -- " + BackupFile.verify(this.file).checksum() + " 10.0.0.1");
	}

	@Test
	void letsTheOtherPisThroughTheFirewall() throws Exception {
		this.pis.pi(1)
			.says("firewall=ufw")
			.answers("firewall", "2377/tcp,10.0.0.2", "4789/udp,10.0.0.3", "22/tcp,10.0.0.9");
		assertThat(restore().exitsWith(0).out()).contains("pi@pi1: opens 2377/tcp to 10.0.0.2",
				"pi@pi1: opens 4789/udp to 10.0.0.3");
		assertThat(this.pis.changes())
			.contains("pi1 firewall ufw 2377/tcp,10.0.0.2", "pi1 firewall ufw 4789/udp,10.0.0.3")
			.noneMatch((change) -> change.contains("22/tcp"));
	}

	@ParameterizedTest
	@CsvSource({ "10.0.0.1; reboot", "''", "fd00::1" })
	void aRejectedAddressBecomesNoFirewallRule(String address) throws Exception {
		this.pis.pi(1).says("firewall=ufw");
		this.pis.pi(2).says("address=" + address);
		assertThat(restore().exitsWith(1).err()).startsWith("swarm: pi@pi1: the address of pi@pi2 is ").hasLineCount(1);
		assertThat(this.pis.changes()).isEmpty();
		assertThat(this.pis.sent()).doesNotContain("; reboot");
	}

	@Test
	void refusesATruncatedFile() throws Exception {
		try (FileChannel channel = FileChannel.open(this.file, StandardOpenOption.WRITE)) {
			channel.truncate(channel.size() - 30);
		}
		assertThat(restore().exitsWith(1).err()).isEqualTo("swarm: " + this.file
				+ " cannot be restored: it is truncated, or not a file that 'swarm backup' made. Nothing was changed; use another backup\n");
		assertThat(this.directory.resolve("scripts")).doesNotExist();
	}

	@Test
	void refusesAFileThatIsMissing() throws Exception {
		Files.delete(this.file);
		assertThat(restore().exitsWith(1).err())
			.isEqualTo("swarm: cannot read " + this.file + ": check its name and its permissions\n");
		assertThat(this.pis.swarm("restore").exitsWith(2).err()).contains("FILE").hasLineCount(1);
	}

	@Test
	void refusesAPiInAnotherSwarm() throws Exception {
		this.pis.pi(1).inAnotherSwarm(true);
		assertThat(restore().exitsWith(1).err())
			.startsWith("swarm: pi@pi1 is in another Swarm than that of the backup, so nothing was changed")
			.hasLineCount(1);
		assertThat(this.pis.changes()).isEmpty();
	}

	@Test
	void refusesAnotherAddress() throws Exception {
		this.pis.pi(1).says("address=10.0.0.7");
		assertThat(restore().exitsWith(1).err()).isEqualTo(
				"swarm: pi@pi1 is at 10.0.0.7, and the nodes look for their manager at 10.0.0.1, so nothing was changed: give it that address\n");
		assertThat(this.pis.changes()).isEmpty();
	}

	@Test
	void refusesWhileAnotherManagerOfTheSwarmWorks() throws Exception {
		this.pis.pi(2).in("active", true).knows(state(node(2), node(3)));
		assertThat(this.pis.swarmOf(this.pis.threeManagers(), "restore", this.file.toString()).exitsWith(1).err())
			.startsWith("swarm: pi@pi2 is a manager of that Swarm and answers, so nothing was restored");
		assertThat(this.pis.changes()).isEmpty();
	}

	@Test
	void refusesWhileAManagerOfTheSwarmIsLeftWithoutAMajority() throws Exception {
		this.pis.pi(2)
			.in("active", true)
			.knows("failed node Error response from daemon: The swarm does not have a leader")
			.says(this.pis.pi(2).fact("docker_info").replaceFirst(",\"Cluster\":\\{[^}]*}", ""));
		this.pis.pi(3).refuses("ssh: connect to host pi3 port 22: No route to host");
		String list = this.pis.threeManagers();
		assertThat(this.pis.swarmOf(list, "restore", this.file.toString()).exitsWith(1).err())
			.startsWith("swarm: pi@pi2 is a manager of that Swarm without a majority, so nothing was restored")
			.contains("run 'docker swarm init --force-new-cluster' on it")
			.hasLineCount(1);
		this.pis.pi(2).in("pending", false).ready(true);
		assertThat(this.pis.swarmOf(list, "restore", this.file.toString()).exitsWith(1).err())
			.startsWith("swarm: pi@pi2 is a manager of that Swarm without a majority");
		this.pis.pi(2).doesNotSay("docker_info").says("docker_silent=timeout").ready(true);
		assertThat(this.pis.swarmOf(list, "restore", this.file.toString()).exitsWith(1).err())
			.startsWith("swarm: pi@pi2, a manager in the list, may manage the Swarm of the backup: the engine did not");
		assertThat(this.pis.changes()).isEmpty();
	}

	@Test
	void refusesWhileThePisAreInAnotherSwarm() throws Exception {
		this.pis.pi(3).inAnotherSwarm(false);
		assertThat(restore().exitsWith(1).err())
			.startsWith("swarm: pi@pi3 is in the Swarm swarm000000000000000000b, and the backup is of the Swarm "
					+ ScriptedPi.SWARM_A + ", so nothing was changed")
			.hasLineCount(1);
		assertThat(this.pis.changes()).isEmpty();
	}

	@Test
	void aWorkerOfTheSwarmIsNotItsManager() throws Exception {
		this.pis.pi(1).in("active", false).says("certificate=" + ScriptedPi.resource("certificate-a"));
		assertThat(restore().exitsWith(1).err())
			.startsWith("swarm: pi@pi1 is a worker of the Swarm of the backup, so nothing was changed")
			.hasLineCount(1);
		assertThat(this.pis.changes()).isEmpty();
	}

	@Test
	void aRestoreThatWasCutOffIsNoSuccess() throws Exception {
		this.pis.pi(1)
			.in("active", true)
			.says("certificate=" + ScriptedPi.resource("certificate-a"))
			.says(this.pis.pi(1).fact("docker_info").replaceFirst(",\"Cluster\":\\{[^}]*}", ""));
		assertThat(restore().exitsWith(1).err())
			.startsWith("swarm: pi@pi1 has the state of the Swarm of the backup, and that Swarm has no leader")
			.contains("'docker swarm init --force-new-cluster'")
			.doesNotContain("swarm leave")
			.hasLineCount(1);
		assertThat(this.pis.changes()).isEmpty();
	}

	@Test
	void changesNothingNextToAnotherCommand() throws Exception {
		this.pis.pi(1).isLocked();
		assertThat(restore().exitsWith(1).err()).contains("another command changes this Swarm at the moment");
		assertThat(this.pis.changes()).isEmpty();
	}

	@Test
	void asksBeforeContainersStop() throws Exception {
		this.pis.pi(1)
			.says(this.pis.pi(1)
				.fact("docker_info")
				.replace("{\"ServerVersion\"", "{\"ContainersRunning\":2,\"ServerVersion\""));
		assertThat(restore().exitsWith(1).err())
			.isEqualTo("swarm: pi@pi1 runs 2 containers, which would stop for some seconds: pass --yes to confirm\n");
		assertThat(this.pis.changes()).isEmpty();
		restore("--yes").exitsWith(0);
	}

	@Test
	void aPiThatDoesNotAnswerIsNotInNoSwarm() throws Exception {
		this.pis.pi(1).doesNotSay("docker_info").says("docker_silent=timeout");
		assertThat(restore().exitsWith(1).err()).isEqualTo(
				"swarm: pi@pi1: the engine did not answer within 10 s, so nothing was changed: run 'swarm check'\n");
		this.pis.pi(1).refuses("ssh: connect to host pi1 port 22: No route to host");
		assertThat(restore().exitsWith(1).err())
			.isEqualTo("swarm: pi@pi1: does not answer: is it on, and on this network?\n");
		assertThat(this.pis.changes()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';',
			textBlock = """
					failed its engine did not stop within 100 s; the state was not restored: its engine did not stop within 100 s. The Pi is in no Swarm, as before: run it again
					lost its engine does not start;             the state was not restored: its engine does not start. Run 'sudo systemctl restart docker'
					"";                                          did not say whether the state was restored; a script on it works to the end
					""",
			quoteCharacter = '"')
	void saysWhatBecameOfThePi(String answer, String message) throws Exception {
		this.pis.pi(1).answers("restored", answer.isEmpty() ? "" : answer).breaksAt("restore", 255);
		assertThat(restore().exitsWith(1).err()).startsWith("swarm: pi@pi1").contains(message).hasLineCount(1);
	}

	@Test
	void aStateThatDoesNotArriveChangesNothing() throws Exception {
		this.pis.pi(1).breaksAt("upload", 1);
		assertThat(restore().exitsWith(1).err()).startsWith(
				"swarm: pi@pi1: the state could not be copied to it: the script failed: exit code 1. Nothing was changed");
		assertThat(this.directory.resolve("pi1/facts.restore")).exists();
	}

	@Test
	void aScriptThatDoesNotBeginChangesNothing() throws Exception {
		this.pis.pi(1).losesTheRestore();
		assertThat(restore().exitsWith(1).err())
			.isEqualTo("swarm: pi@pi1 did not begin to restore, and nothing was changed: run it again\n");
	}

	@Test
	void aNewEmptySwarmIsNoSuccess() throws Exception {
		this.pis.pi(1).saysAfter("restore", (pi) -> pi.inAnotherSwarm(true));
		ScriptedPis.Result restore = restore().exitsWith(1);
		assertThat(restore.err())
			.isEqualTo("swarm: pi@pi1 is in a new, empty Swarm, or in another one, not in the Swarm of the backup ("
					+ ScriptedPi.SWARM_A + "): run 'docker swarm leave --force' on it, then this command again\n");
		assertThat(restore.out()).doesNotContain("all nodes are back");
	}

	@Test
	void aServiceThatIsMissingIsNoSuccess() throws Exception {
		this.pis.pi(1).knows(state(node(1), node(2), node(3)));
		assertThat(restore().exitsWith(1).err()).isEqualTo(
				"swarm: the state is restored, and the services are not those of the backup: numbers_producer (replicated, 2, localhost/kit:1) is missing. Run 'swarm deploy'\n");
	}

	@Test
	void waitsForTheNodes() throws Exception {
		String[] away = state(node(1), node(2, "\"State\":\"down\""), node(3), PRODUCER);
		this.pis.pi(1)
			.knows("failed node Error response from daemon: The swarm does not have a leader")
			.knowsLater(1, away)
			.knowsLater(2, state(node(1), node(2), node(3, "\"State\":\"down\""), PRODUCER));
		assertThat(restore().exitsWith(0).out()).contains("all nodes are back");
		assertThat(this.directory.resolve("pi1/state.2")).doesNotExist();
	}

	@Test
	@Tag("slow") // It waits until the limit of 20 s.
	void aQuestionWithoutAnAnswerIsNoSuccess() throws Exception {
		this.pis.pi(1).answers("restored", "restored").hangsAfter("restore");
		assertThat(restore().exitsWith(1).err())
			.startsWith("swarm: pi@pi1: whether it is in the Swarm of the backup is unknown: does not answer")
			.hasLineCount(1);
	}

}

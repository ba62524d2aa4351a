package org.piswarm.swarm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.piswarm.swarm.ScriptedPis.node;
import static org.piswarm.swarm.ScriptedPis.service;
import static org.piswarm.swarm.ScriptedPis.state;
import static org.piswarm.swarm.ScriptedPis.task;

/** {@code swarm up}, from its arguments to its output and exit code. */
class UpTests {

	private static final String TOKEN = "SWMTKN-1-0123456789abcdef-secret";

	private final Path directory;

	private final ScriptedPis pis;

	UpTests(@TempDir Path directory) throws IOException {
		this.directory = directory;
		this.pis = ScriptedPis.healthy(directory);
	}

	/** Three Pis as on their first day. */
	private void bare() {
		bare(1, 2, 3);
	}

	private void bare(int... numbers) {
		for (int number : numbers) {
			boolean manager = number == 1;
			this.pis.pi(number)
				.saysAfter(manager ? "swarm-init" : "join-swarm", (pi) -> pi.in("active", manager))
				.saysAfter("docker-group", (pi) -> pi.in("inactive", false).doesNotSay("certificate"))
				.says("login_in_group=no")
				.says("daemon_json=no")
				.says("docker_logs_set=no")
				.bare();
		}
		this.pis.pi(1).knows(state(node(1))).knowsAfter("tokens", state(node(1), node(2), node(3)));
	}

	private String list(String... lines) throws IOException {
		return Files.writeString(this.directory.resolve("list"), String.join("\n", lines) + "\n").toString();
	}

	private void needsReboot(int... numbers) {
		for (int number : numbers) {
			this.pis.pi(number).says("memory_cgroup=no");
		}
	}

	@Test
	void makesOneSwarmOfBarePis() throws Exception {
		bare();
		ScriptedPis.Result up = this.pis.swarm("up").exitsWith(0);
		assertThat(up.out() + up.err()).doesNotContain(TOKEN);
		assertThat(up.out())
			.contains("   0 s  looking at 3 Pis\n", "pi@pi3: installs Docker",
					"pi@pi3: limits the size of container logs", "makes a Swarm, with pi@pi1 as its manager",
					"pi@pi2 joins as worker", "pi@pi3 joins as worker")
			.endsWith(" s  done: 3 Pis in one Swarm\n");
		assertThat(this.pis.changes()).filteredOn((change) -> change.startsWith("pi3"))
			.containsExactly("pi3 install-docker", "pi3 limit-logs", "pi3 docker-group",
					"pi3 join-swarm 10.0.0.3 10.0.0.1 " + TOKEN);
		assertThat(this.pis.changes()).containsSubsequence("pi1 swarm-init 10.0.0.1", "pi1 join-tokens",
				"pi2 join-swarm 10.0.0.2 10.0.0.1 " + TOKEN, "pi3 join-swarm 10.0.0.3 10.0.0.1 " + TOKEN,
				"pi1 tokens replaced");
		// Each user of a machine can read command lines.
		assertThat(this.pis.sent().lines().filter((line) -> line.contains(TOKEN)))
			.allMatch((line) -> line.startsWith("set -- "));
	}

	@Test
	void aSecondRunChangesNothing() throws Exception {
		assertThat(this.pis.swarm("up").exitsWith(0).out())
			.endsWith(" s  nothing to do: 3 Pis in one Swarm, all as they should be\n");
		assertThat(this.pis.changes()).isEmpty();
		assertThat(this.directory.resolve("locks")).doesNotExist();
	}

	@Test
	void dryRunSaysInShortLinesWhatItWouldDo() throws Exception {
		bare();
		assertThat(this.pis.swarm("up", "--dry-run").exitsWith(0).out())
			.contains("pi@pi1: would install Docker\n", "pi@pi3: would limit the size of container logs\n",
					"pi@pi1: would make a Swarm, as its manager\n", "pi@pi2: would join the Swarm as worker\n",
					"nothing was done: this was a dry run")
			.hasLineCount(14);
		assertThat(this.pis.changes()).isEmpty();
		assertThat(this.directory.resolve("locks")).doesNotExist();
	}

	@Test
	void refusesPisThatAreNotFit() throws Exception {
		bare();
		this.pis.pi(2).says("architecture=armhf");
		ScriptedPis.Result up = this.pis.swarm("up").exitsWith(1);
		assertThat(up.err()).startsWith("pi@pi2: architecture: ")
			.endsWith("swarm: nothing was changed: do what the lines above say, then run it again\n")
			.hasLineCount(2);
		assertThat(this.pis.changes()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "docker_silent=timeout", "address=10.0.0.1; reboot" })
	void refusesWhatIsUnknown(String fact) throws Exception {
		this.pis.pi(3).says(fact);
		this.pis.pi(2).says("firewall=ufw").answers("firewall", "4789/udp,10.0.0.3");
		ScriptedPis.Result up = this.pis.swarm("up").exitsWith(1);
		assertThat(up.err()).contains("pi@pi3: ", ": unknown: ", "swarm: nothing was changed");
		assertThat(this.pis.changes()).isEmpty();
		assertThat(this.pis.sent()).doesNotContain("; reboot");
	}

	@ParameterizedTest
	@ValueSource(strings = { "SWMTKN-1-a-b$(reboot)", "", "no" })
	void passesNoTokenOnThatIsNone(String token) throws Exception {
		bare();
		this.pis.pi(1).answers("tokens", "worker " + token, "manager " + token);
		ScriptedPis.Result up = this.pis.swarm("up").exitsWith(1);
		assertThat(up.err()).isEqualTo(
				"swarm: pi@pi1: gives no join token: its answer cannot be used. Not all is done: run it again\n");
		assertThat(this.pis.changes()).noneMatch((change) -> change.contains("join-swarm"));
		assertThat(this.pis.sent()).doesNotContain("$(reboot)");
	}

	@Test
	void saysWhyAPiCouldNotJoin() throws Exception {
		bare();
		this.pis.pi(2).breaksAt("join-swarm", 1, "invalid join token");
		assertThat(this.pis.swarm("up").exitsWith(1).err())
			.isEqualTo("swarm: pi@pi2: could not join: the script failed: invalid join token; run it again to go on\n");
		assertThat(this.pis.changes()).noneMatch((change) -> change.startsWith("pi3 join-swarm"));
	}

	@Test
	void saysIfJoinTokensMayStillBeValid() throws Exception {
		bare();
		this.pis.pi(1).answers("tokens.end", "failed Error: no leader");
		assertThat(this.pis.swarm("up").exitsWith(1).err())
			.isEqualTo("swarm: pi@pi1: whether it has replaced its join tokens is unknown: Error: no leader. "
					+ "Run 'docker swarm join-token --rotate worker' on it, and the same with manager\n");
	}

	@Test
	void managersJoinFirst() throws Exception {
		bare(1, 2, 3, 4);
		this.pis.pi(1)
			.knowsAfter("tokens",
					state(node(1), node(2), node(3, "\"Role\":\"manager\""), node(4, "\"Role\":\"manager\"")));
		for (int number : new int[] { 3, 4 }) {
			this.pis.pi(number).saysAfter("join-swarm", (pi) -> pi.in("active", true));
		}
		assertThat(
				this.pis.swarmOf(list("pi@pi1", "pi@pi2", "pi@pi3 manager", "pi@pi4 manager"), "up").exitsWith(0).out())
			.contains("pi@pi3 joins as manager");
		assertThat(this.pis.changes()).filteredOn((change) -> change.contains("join-swarm"))
			.extracting((change) -> change.substring(0, 3))
			.containsExactly("pi3", "pi4", "pi2");
	}

	@Test
	void goesOnAfterTheManagerWasLostBeforeTheJoins() throws Exception {
		bare();
		this.pis.pi(1).refusesAfter("swarm-init", "ssh: connect to host pi1 port 22: No route to host");
		assertThat(this.pis.swarm("up").exitsWith(1).err()).contains("pi@pi1", "does not answer", "Not all is done");
		ScriptedPis.Result off = this.pis.swarm("up").exitsWith(1);
		assertThat(off.err()).contains("pi@pi1: SSH: does not answer", "nothing was changed");
		Files.delete(this.directory.resolve("pi1").resolve("refusal"));
		this.pis.swarm("up").exitsWith(0);
		assertThat(this.pis.changes()).filteredOn((change) -> change.contains(" swarm-init ")).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "pending", "error", "locked" })
	void changesNothingIfAPiIsInNoGoodState(String swarm) throws Exception {
		this.pis.pi(3).says("login_in_group=no").in(swarm, false);
		assertThat(this.pis.swarm("up").exitsWith(1).err()).contains("pi@pi3: Swarm: is ", swarm,
				"nothing was changed");
		assertThat(this.pis.changes()).isEmpty();
	}

	@Test
	void changesNothingIfAPiIsInAnotherSwarm() throws Exception {
		this.pis.pi(2).inAnotherSwarm(false);
		this.pis.pi(3).says("login_in_group=no");
		// It has the ID of one of the nodes, too.
		assertThat(this.pis.swarm("up").exitsWith(1).err())
			.contains("pi@pi2: it is in another Swarm. Nothing was changed");
		this.pis.pi(1).knows(state(node(1), node(3)));
		assertThat(this.pis.swarm("up").exitsWith(1).err()).contains("pi@pi2: Swarm: is a worker of another Swarm",
				"nothing was changed");
		assertThat(this.pis.changes()).isEmpty();
	}

	@Test
	void finishesTheOtherPisIfOneFails() throws Exception {
		bare();
		this.pis.pi(3).breaksAt("install-docker", 1, "the installation failed: E: no network");
		ScriptedPis.Result up = this.pis.swarm("up").exitsWith(1);
		assertThat(up.err()).isEqualTo("pi@pi3: the script failed: the installation failed: E: no network\n"
				+ "swarm: not all is done: see above; run it again to go on\n");
		assertThat(this.pis.changes()).contains("pi2 docker-group")
			.noneMatch((change) -> change.contains("swarm-init") || change.equals("pi3 docker-group"));
	}

	@Test
	void namesAPiThatVanishes() throws Exception {
		bare();
		this.pis.pi(3)
			.breaksAt("install-docker", 255)
			.refusesAfter("install-docker", "ssh: connect to host pi3 port 22: No route to host");
		assertThat(this.pis.swarm("up").exitsWith(1).err())
			.startsWith("pi@pi3: does not answer: is it on, and on this network?\n");
	}

	@Test
	void barePisRebootTogetherAndUnasked() throws Exception {
		needsReboot(1, 2, 3);
		bare();
		for (int number = 1; number <= 3; number++) {
			this.pis.pi(number).says("cmdline_memory=no");
		}
		assertThat(this.pis.swarm("up").exitsWith(0).out()).contains(
				"pi@pi2: turns memory limits on in /boot/firmware/cmdline.txt", "pi@pi2: reboots", "pi@pi3: reboots",
				"done: 3 Pis in one Swarm");
		assertThat(this.pis.changes()).containsSubsequence("pi3 memory-limits", "pi3 install-docker", "pi3 reboot",
				"pi1 swarm-init 10.0.0.1");
	}

	@Test
	void opensTheFirewallToTheOtherPis() throws Exception {
		this.pis.pi(2).says("firewall=ufw").answers("firewall", "7946/tcp,10.0.0.1", "4789/udp,10.0.0.3");
		assertThat(this.pis.swarm("up").exitsWith(0).out()).contains("pi@pi2: opens 7946/tcp to 10.0.0.1",
				"pi@pi2: opens 4789/udp to 10.0.0.3");
		assertThat(this.pis.changes()).containsExactly("pi2 firewall ufw 7946/tcp,10.0.0.1",
				"pi2 firewall ufw 4789/udp,10.0.0.3");
	}

	@Test
	void firewallsOpenOnlyWhatTheRoleNeeds() throws Exception {
		this.pis.pi(1).says("firewall=firewalld").answers("firewall", "");
		// The Swarm knows it by another address than the one for SSH.
		this.pis.pi(2).says("addresses=10.0.0.2 10.0.0.22").knownAt("10.0.0.22");
		this.pis.pi(3).says("firewall=ufw").answers("firewall", "");
		this.pis.swarm("up", "--dry-run").exitsWith(0);
		assertThat(this.pis.sent()).contains(
				"set -- missing firewalld 2377/tcp,10.0.0.22 7946/tcp,10.0.0.22 7946/udp,10.0.0.22 4789/udp,10.0.0.22 "
						+ "2377/tcp,10.0.0.3 7946/tcp,10.0.0.3 7946/udp,10.0.0.3 4789/udp,10.0.0.3\n",
				"set -- missing ufw 7946/tcp,10.0.0.1 7946/udp,10.0.0.1 4789/udp,10.0.0.1 "
						+ "7946/tcp,10.0.0.22 7946/udp,10.0.0.22 4789/udp,10.0.0.22\n");
	}

	@Test
	void setsLabelsThroughAManager() throws Exception {
		this.pis.pi(1).knowsAfter("node-update", state(node(1), node(2), node(3, "\"Labels\":{\"zone\":\"a\"}")));
		String list = list("pi@pi1", "pi@pi2", "pi@pi3 zone=a");
		assertThat(this.pis.swarmOf(list, "up").exitsWith(0).out()).contains("pi@pi3 gets the label zone=a");
		assertThat(this.pis.changes()).containsExactly("set -- " + ScriptedPi.id(3) + " --label-add zone=a");
		assertThat(this.pis.swarmOf(list, "up").exitsWith(0).out()).contains("nothing to do");
	}

	@Test
	void promotesThroughAManagerAndNotThroughAnActiveNode() throws Exception {
		String manager = node(2, "\"Role\":\"manager\"");
		// pi2 is first in the list, and a worker.
		this.pis.pi(1).knowsAfter("node-update", state(node(1), manager, node(3)));
		this.pis.pi(2)
			.saysAfter("pi1.node-update", (pi) -> pi.in("active", true))
			.knows(state(node(1), manager, node(3)))
			.knowsAfter("node-update", state(node(1, "\"Role\":\"worker\""), manager, node(3)));
		this.pis.pi(1).saysAfter("pi2.node-update", (pi) -> pi.in("active", false));
		assertThat(this.pis.swarmOf(list("pi@pi2", "pi@pi1", "pi@pi3"), "up").exitsWith(0).out())
			.contains("pi@pi2 becomes a manager", "pi@pi1 becomes a worker");
		assertThat(this.directory.resolve("steps")).hasContent("pi1 node-update:\npi2 node-update:");
		assertThat(this.pis.changes()).containsExactly("set -- " + ScriptedPi.id(2) + " --role manager",
				"set -- " + ScriptedPi.id(1) + " --role worker");
	}

	@Test
	void namesPendingRebootsOfMembersAndFinishesTheRest() throws Exception {
		needsReboot(1, 2);
		this.pis.pi(3).says("login_in_group=no");
		ScriptedPis.Result up = this.pis.swarm("up").exitsWith(1);
		assertThat(up.err()).isEqualTo("swarm: all else is done; for memory limits, these nodes must still reboot: "
				+ "pi@pi1, pi@pi2. Run it again and pass --yes to confirm\n");
		assertThat(this.pis.changes()).containsExactly("pi3 docker-group");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "n\n" })
	void noAnswerIsNoReboot(String answer) throws Exception {
		needsReboot(2);
		ScriptedPis.Result up = this.pis.swarmAtTerminal(answer, "up").exitsWith(1);
		assertThat(up.out())
			.contains("For memory limits, these nodes must reboot, one at a time: pi@pi2. Reboot them? [y/N]");
		assertThat(up.err()).contains("these nodes must still reboot: pi@pi2");
		assertThat(this.pis.changes()).isEmpty();
	}

	@Test
	void membersRebootOneAtATimeDrainedAndManagersLast() throws Exception {
		needsReboot(1, 2, 3);
		String producer = service("1", "numbers_producer", "\"Replicated\":{\"Replicas\":1}", "");
		String[] before = state(node(1), node(2), node(3), producer, task("1", 2, "running"));
		this.pis.pi(1)
			.knows(before)
			.knowsAfter("drained",
					state(node(1), node(2, "\"Availability\":\"drain\""), node(3), producer, task("1", 3, "running")))
			.knowsAfter("active", state(node(1), node(2), node(3), producer, task("1", 2, "running")));
		ScriptedPis.Result up = this.pis.swarm("up", "--yes").exitsWith(0);
		assertThat(up.out()).contains("pi2 takes no more tasks; waiting until its tasks run elsewhere");
		assertThat(this.pis.changes()).containsSubsequence("pi1 drained " + ScriptedPi.id(2), "pi2 reboot",
				"pi1 active " + ScriptedPi.id(2), "pi3 reboot", "pi1 reboot");
	}

	@Test
	void theOnlyManagerIsDrainedToo() throws Exception {
		needsReboot(1);
		String producer = service("1", "numbers_producer", "\"Replicated\":{\"Replicas\":1}", "");
		this.pis.pi(1)
			.knows(state(node(1), node(2), node(3), producer, task("1", 1, "running")))
			.knowsAfter("node-update",
					state(node(1, "\"Availability\":\"drain\""), node(2), node(3), producer, task("1", 3, "running")));
		this.pis.swarm("up", "--yes").exitsWith(0);
		assertThat(this.pis.changes()).containsExactly("set -- " + ScriptedPi.id(1) + " --availability drain",
				"pi1 reboot", "set -- " + ScriptedPi.id(1) + " --availability active");
	}

	@Test
	void aNodeThatCannotBeDrainedDoesNotReboot() throws Exception {
		needsReboot(1);
		String[] busy = state(node(1), node(2), node(3), service("1", "web", "\"Replicated\":{\"Replicas\":1}", ""),
				task("1", 1, "running"));
		this.pis.pi(1).knows(busy).breaksAt("node-update", 1, "Error: no");
		assertThat(this.pis.swarm("up", "--yes").exitsWith(1).err())
			.startsWith("swarm: could not change pi1: Error: no; then ")
			.endsWith("It may still be drained: run 'swarm activate pi1'\n");
		assertThat(this.pis.changes()).doesNotContain("pi1 reboot");
	}

	@Test
	void aServiceThatCanRunOnNoOtherNodeStopsMeanwhile() throws Exception {
		needsReboot(1);
		String pinned = service("1", "web", "\"Replicated\":{\"Replicas\":1}", "").replace("\"TaskTemplate\":{",
				"\"TaskTemplate\":{\"Placement\":{\"Constraints\":[\"node.role == manager\"]},");
		String[] before = state(node(1), node(2), node(3), pinned, task("1", 1, "running"));
		this.pis.pi(1)
			.knows(before)
			.knowsAfter("node-update", state(node(1, "\"Availability\":\"drain\""), node(2), node(3), pinned))
			.knowsAfter("reboot", before);
		assertThat(this.pis.swarm("up", "--yes").exitsWith(0).out())
			.contains("web can run on no other node: it stops while pi1 reboots");
		assertThat(this.pis.changes()).containsSubsequence("pi1 reboot");
	}

	@Test
	void anAutolockedManagerDoesNotReboot() throws Exception {
		needsReboot(1);
		this.pis.pi(1).isAutolocked();
		assertThat(this.pis.swarm("up", "--yes").exitsWith(1).err())
			.startsWith("swarm: pi@pi1: this Swarm is autolocked")
			.contains("Nothing was changed: run 'docker swarm update --autolock=false' on it");
		assertThat(this.pis.changes()).isEmpty();
	}

	@Test
	void aPiWithContainersRebootsOnlyIfTheUserAgrees() throws Exception {
		needsReboot(3);
		this.pis.pi(1).knows(state(node(1), node(2)));
		this.pis.pi(3).in("inactive", false).doesNotSay("certificate").runsContainers(2);
		assertThat(this.pis.swarm("up").exitsWith(1).err()).isEqualTo(
				"swarm: nothing was changed; for memory limits, these Pis must reboot, and their containers would stop: "
						+ "pi@pi3. Run it again and pass --yes to confirm\n");
		assertThat(this.pis.changes()).isEmpty();
	}

	@Test
	void namesADrainedNode() throws Exception {
		this.pis.pi(1).knows(state(node(1), node(2, "\"Availability\":\"drain\""), node(3)));
		ScriptedPis.Result up = this.pis.swarm("up").exitsWith(0);
		assertThat(up.out() + up.err())
			.contains("pi2 is drained, so it gets no tasks: 'swarm activate pi2' changes that");
	}

	@Test
	void saysAtOnceThatARebootWasInVain() throws Exception {
		needsReboot(2);
		this.pis.pi(2).saysAfter("reboot", (pi) -> pi.says("boot_id=second"));
		assertThat(this.pis.swarm("up", "--yes").exitsWith(1).err()).isEqualTo(
				"swarm: pi@pi2: after its reboot, memory limits are still off: compare /proc/cmdline with /boot/firmware/cmdline.txt\n");
	}

	@Test
	void aUserCanAgreeToReboots() throws Exception {
		needsReboot(2);
		assertThat(this.pis.swarmAtTerminal("y\n", "up").exitsWith(0).out()).contains("pi@pi2: reboots", "done: 3 Pis");
		assertThat(this.pis.changes()).containsExactly("pi2 reboot");
	}

	@Test
	void aNodeDoesNotRebootIfItsTasksAreUnknown() throws Exception {
		needsReboot(2);
		this.pis.pi(1).knows(node(1), node(2), node(3), "read node", "read service", "failed task no leader");
		assertThat(this.pis.swarm("up", "--yes").exitsWith(1).err())
			.isEqualTo("swarm: pi@pi2: the state of the Swarm is unknown, so it did not reboot: pi@pi1: no leader\n");
		assertThat(this.pis.changes()).isEmpty();
	}

	@Test
	void aRebootThatIsRefusedIsNamed() throws Exception {
		needsReboot(2);
		this.pis.pi(2).breaksAt("reboot", 1, "Failed to reboot: inhibited");
		assertThat(this.pis.swarm("up", "--yes").exitsWith(1).err())
			.isEqualTo("swarm: pi@pi2 did not reboot: Failed to reboot: inhibited\n");
	}

	@Test
	void changesNothingWithoutTheLock() throws Exception {
		this.pis.pi(1).losesTheLock();
		this.pis.pi(3).says("login_in_group=no");
		assertThat(this.pis.swarm("up").exitsWith(1).err()).startsWith(
				"lost the lock of the Swarm, because a connection to a manager broke, so pi@pi3 was not changed");
		assertThat(this.pis.changes()).isEmpty();
	}

	@Test
	void changesNothingNextToAnotherCommand() throws Exception {
		this.pis.pi(3).says("login_in_group=no");
		this.pis.pi(1).isLocked();
		assertThat(this.pis.swarm("up").exitsWith(1).err())
			.contains("another command changes this Swarm at the moment");
		assertThat(this.pis.changes()).isEmpty();
	}

	@Test
	void anInterruptionSaysWhatToDo() throws Exception {
		bare();
		this.pis.pi(3).hangsIn("install-docker");
		ScriptedPis.Result up = this.pis.interrupted(() -> {
		}, "pi@pi3: installs Docker", "up").exitsWith(143);
		assertThat(up.err()).isEqualTo("swarm: interrupted; run it again to finish\n");
		assertThat(up.out()).doesNotContain("makes a Swarm");
	}

	@Test
	void anInterruptedJoinLetsTheNextRunGoOn() throws Exception {
		bare();
		this.pis.pi(3).hangsIn("join-swarm");
		ScriptedPis.Result up = this.pis.interrupted(() -> {
		}, "pi@pi3 joins as worker", "up").exitsWith(143);
		assertThat(up.err()).isEqualTo("swarm: interrupted; run it again to finish\n");
		Files.delete(this.directory.resolve("pi3").resolve("join-swarm.hangs"));
		this.pis.pi(1).knows(state(node(1), node(2)));
		assertThat(this.pis.swarm("up").exitsWith(0).out()).contains("pi@pi3 joins as worker")
			.doesNotContain("pi@pi2 joins");
	}

	@Test
	void anInterruptionNamesADrainedNode() throws Exception {
		needsReboot(1, 2);
		String web = service("1", "web", "\"Replicated\":{\"Replicas\":1}", "");
		this.pis.pi(1)
			.knows(state(node(1), node(2), node(3), web, task("1", 2, "running")))
			.knowsAfter("drained", state(node(1), node(2), node(3), web, task("1", 3, "running")));
		this.pis.pi(2).hangsAfter("reboot");
		assertThat(this.pis.interrupted(() -> {
		}, "pi@pi2: reboots", "up", "--yes").exitsWith(143).err())
			.isEqualTo("swarm: interrupted; pi2 takes tasks again within 20 s, then run it again to finish\n");
	}

}

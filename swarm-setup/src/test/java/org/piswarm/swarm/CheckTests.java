package org.piswarm.swarm;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.piswarm.swarm.ScriptedPis.node;
import static org.piswarm.swarm.ScriptedPis.state;

/** {@code swarm check}, from its arguments to its output and exit code. */
class CheckTests {

	@TempDir
	private Path directory = Path.of("");

	@Test
	void showsAHealthySwarm() throws Exception {
		ScriptedPis.Result check = ScriptedPis.healthy(this.directory).swarm("check").exitsWith(0);
		assertThat(check.about("pi@pi1").strip().replaceFirst("for \\d+ days", "for N days")).isEqualTo("""
				pi@pi1 (manager)
				  ok       SSH            accepts the key, and sudo needs no password
				  ok       name           pi1
				  ok       architecture   arm64, Debian GNU/Linux 13 (trixie), Raspberry Pi 4 Model B Rev 1.5
				  ok       memory         3796 MiB
				  ok       disk           20 GiB free
				  ok       kernel         has all modules that Swarm needs
				  ok       memory limits  the kernel enforces them
				  ok       clock          same as on this machine
				  ok       address        10.0.0.1 on eth0
				  ok       MTU            1500
				  ok       firewall       none is active
				  ok       ports          the other Pis get through to 2377/tcp 7946/tcp
				  ok       Docker         26.1.5, overlay2, cgroup v2
				  ok       logs           limited (driver local)
				  ok       group          pi can use docker
				  ok       Swarm          manager
				  ok       certificate    valid for N days; Swarm renews it
				  ok       power          enough voltage since its start
				  ok       temperature    45 °C""");
		assertThat(check.about("pi@pi3")).contains("ok       Swarm          worker");
		assertThat(check.out()).endsWith("\nAll is well.\n");
		assertThat(check.err()).isEmpty();
	}

	@Test
	void showsBarePis() throws Exception {
		ScriptedPis pis = new ScriptedPis(this.directory);
		pis.pi(1).bare();
		pis.pi(2).bare().doesNotReach("10.0.0.1 4789/udp");
		ScriptedPis.Result check = pis.swarm("check").exitsWith(1);
		assertThat(check.about("pi@pi2"))
			.contains("ok       ports          the other Pis get through to 4789/udp 7946/tcp 7946/udp")
			.contains("up       Docker         is not installed; the distribution offers 26.1.5")
			.contains("up       Swarm          is in no Swarm");
		assertThat(check.about("pi@pi1"))
			.contains("BAD      ports          closed to others: 4789/udp from pi@pi2; a firewall");
		assertThat(check.out()).contains("1 marked BAD", "4 marked up: 'swarm up' does it.")
			.doesNotContain("unknown", "the Swarm");
	}

	@Test
	void saysWhyAPiCannotBeReached() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(2).refuses("pi@pi2: Permission denied (publickey).");
		pis.pi(3).refuses("No ED25519 host key is known for pi3 and you have requested strict checking.");
		ScriptedPis.Result check = pis.swarm("check").exitsWith(1);
		assertThat(check.about("pi@pi2")).contains("BAD      SSH            the key is refused", "ssh-copy-id pi@pi2");
		assertThat(check.about("pi@pi3")).contains("the host key is not known yet", "--accept-new");
		assertThat(check.about("pi@pi1")).contains("ok       Swarm          manager");
	}

	@Test
	void aLoneManagerThatIsOffMakesMembersUnknown() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).refuses("ssh: connect to host pi1 port 22: No route to host");
		ScriptedPis.Result check = pis.swarm("check").exitsWith(1);
		assertThat(check.about("pi@pi1")).contains("BAD      SSH            does not answer: is it on");
		assertThat(check.about("pi@pi2"))
			.contains("unknown  Swarm          worker; whether it is still a node of the Swarm is unknown");
		assertThat(check.out()).doesNotContain("another Swarm", "leave");
	}

	@Test
	void aManagerWithoutAQuorumMakesMembersUnknown() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).knows("failed node Error response from daemon: rpc error: The swarm does not have a leader.");
		ScriptedPis.Result check = pis.swarm("check").exitsWith(1);
		assertThat(check.about("pi@pi1")).contains("unknown  Swarm          manager", "does not have a leader");
		assertThat(check.about("the Swarm")).contains("unknown  nodes          pi@pi1: Error response",
				"does not have a leader");
		assertThat(check.out()).doesNotContain("another Swarm", "leave");
	}

	@Test
	void aWorkerCannotAnswerForTheManagers() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).knows("failed node Error response from daemon: rpc error: The swarm does not have a leader.");
		pis.pi(2).in("active", true).knows(state(node(2)));
		ScriptedPis.Result check = pis.swarm("check").exitsWith(1);
		assertThat(check.about("pi@pi3")).contains("unknown  Swarm          worker");
		assertThat(check.out()).doesNotContain("leave");
	}

	@Test
	void aWorkerCannotAnswerForAManagerThatIsOff() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).refuses("ssh: connect to host pi1 port 22: No route to host");
		pis.pi(2).in("active", true).knows(state(node(2)));
		pis.pi(4);
		Path list = Files.writeString(this.directory.resolve("list"),
				"pi@pi1\npi@pi2\npi@pi3 manager\npi@pi4 manager\n");
		ScriptedPis.Result check = pis.swarmOf(list.toString(), "check").exitsWith(1);
		assertThat(check.about("pi@pi3")).contains("unknown  Swarm          worker");
		assertThat(check.out()).doesNotContain("leave");
	}

	@Test
	void swappedLinesOfTheListChangeRolesOnly() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		ScriptedPis.Result check = pis.swarmOf("pi@pi2,pi@pi1,pi@pi3", "check").exitsWith(1);
		assertThat(check.about("pi@pi2")).contains("up       Swarm          is a worker, and a manager in the list");
		assertThat(check.about("pi@pi1")).contains("up       Swarm          is a manager, and a worker in the list");
		assertThat(check.about("pi@pi3")).contains("ok       Swarm          worker");
		assertThat(check.out()).doesNotContain("another Swarm", "leave");
	}

	@Test
	void aPiOfAnotherSwarmIsNamedIfAManagerHasAnswered() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).knows(state(node(1), node(2)));
		pis.pi(3).inAnotherSwarm(true);
		ScriptedPis.Result check = pis.swarm("check").exitsWith(1);
		assertThat(check.about("pi@pi3")).contains("BAD      Swarm          is a manager of another Swarm",
				"docker swarm leave --force");
		pis.pi(1).knows("failed node no answer within 25 s");
		assertThat(pis.swarm("check").exitsWith(1).out()).doesNotContain("leave");
	}

	@Test
	void noPiIsToldToLeaveWhileTheFirstManagerIsOff() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).refuses("ssh: connect to host pi1 port 22: No route to host");
		pis.pi(2).inAnotherSwarm(true).knows(state(node(2)));
		Path list = Files.writeString(this.directory.resolve("list"), "pi@pi1\npi@pi2 manager\npi@pi3 manager\n");
		ScriptedPis.Result check = pis.swarmOf(list.toString(), "check").exitsWith(1);
		assertThat(check.about("pi@pi3")).contains(
				"BAD      Swarm          is a worker of another Swarm than the first manager that answers",
				"change nothing until");
		assertThat(check.out()).doesNotContain("leave");
	}

	@Test
	void aNodeThatWasRemovedIsNotOfAnotherSwarm() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).knows(state(node(1), node(2)));
		assertThat(pis.swarm("check").exitsWith(1).about("pi@pi3")).contains("was removed from the Swarm")
			.doesNotContain("--force");
	}

	@Test
	void workersOfALostManagerAreNotToldToLeave() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).bare();
		ScriptedPis.Result check = pis.swarm("check").exitsWith(1);
		assertThat(check.about("pi@pi2")).contains(
				"BAD      Swarm          is a worker of a Swarm that no manager in the list is in",
				"Losing the manager");
		assertThat(check.out()).doesNotContain("leave");
	}

	@Test
	void aHungEngineIsUnknownAndTheOtherFactsAreShown() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(2).doesNotSay("docker_info").says("docker_silent=timeout");
		ScriptedPis.Result check = pis.swarm("check").exitsWith(1);
		assertThat(check.about("pi@pi2")).contains("unknown  Docker         the engine did not answer within 10 s")
			.contains("unknown  Swarm          the engine did not answer within 10 s")
			.contains("unknown  ports          not tested: the engine did not answer within 10 s")
			.contains("ok       memory         3796 MiB");
	}

	@Test
	@Tag("slow") // It waits for a deadline of 20 s.
	void aPiThatHangsEndsAtADeadlineAndIsNamedMeanwhile() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(3).hangs();
		ScriptedPis.Result check = pis.swarm("check").exitsWith(1);
		assertThat(check.about("pi@pi3")).contains("BAD      SSH            does not answer: is it on");
		assertThat(check.about("pi@pi2")).contains("ok       Swarm          worker");
		assertThat(check.progress()).filteredOn((line) -> line.matches(" +\\d+ s  waiting for .*pi@pi3"))
			.hasSizeGreaterThan(1);
	}

	@Test
	void whatAPiSaysIsNeverPartOfACommand() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		// With a Swarm that is known, the others are asked to test the ports at its
		// address.
		pis.pi(2).says("address=10.0.0.2 7946/tcp; touch harmed #").says("hostname=pi2$(touch harmed)");
		pis.pi(3)
			.says("docker_info={\"ServerVersion\":\"26\",\"Swarm\":{\"LocalNodeState\":\"active\",\"NodeID\":\"x; touch harmed\"}}");
		ScriptedPis.Result check = pis.swarm("check").exitsWith(1);
		assertThat(pis.sent()).contains("10.0.0.1 2377/tcp\n").doesNotContain("harmed");
		assertThat(check.about("pi@pi2")).contains("unknown  name", "unknown  address");
		assertThat(check.about("pi@pi3")).contains("unknown  Swarm");
		assertThat(check.about("pi@pi1")).contains("ok       Swarm          manager");
	}

	@Test
	void aPiCannotControlTheTerminal() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(2).says("os=\u001b[2Jfake\rall is well");
		assertThat(pis.swarm("check").out()).doesNotContain("\u001b", "\r").contains("?[2Jfake");
		pis.pi(2).says(pis.pi(2).fact("docker_info").replace("26.1.5", "26\\npi@pi9 (worker)\\n")).ready(true);
		assertThat(pis.swarm("check").out().lines()).doesNotContain("pi@pi9 (worker)")
			.anyMatch((line) -> line.contains("26?pi@pi9 (worker)?"));
	}

	@Test
	void anAnswerThatBreaksOffIsUnknown() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(2).ready(false);
		assertThat(pis.swarm("check").exitsWith(1).about("pi@pi2"))
			.contains("BAD      SSH            its answer broke off");
	}

	@Test
	void aPiThatIsReachedByALinkLocalAddressKeepsItsIpv4Address() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(2)
			.says("reached=fe80::dea6:32ff:fe00:1")
			.says("addresses=127.0.0.1 ::1 10.0.0.2 fe80::dea6:32ff:fe00:1 ");
		pis.pi(3).says("reached=fe80::3").says("addresses=fe80::3 ").says("address=");
		ScriptedPis.Result check = pis.swarm("check").exitsWith(1);
		assertThat(check.about("pi@pi2")).contains("ok       address        10.0.0.2 on eth0",
				"ok       Swarm          worker");
		assertThat(check.about("pi@pi3"))
			.contains("BAD      address        SSH reached fe80::3 on eth0, which has no IPv4 address");
	}

	@Test
	void connectsToAnotherPort() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		ScriptedPis.Result check = pis.swarmOf("pi@pi1:2201,pi@pi2,pi@pi3:2203", "check").exitsWith(0);
		assertThat(check.about("pi@pi1:2201")).contains("(manager)");
		assertThat(Files.readAllLines(this.directory.resolve("ports"))).contains("2201", "2203").doesNotContain("22");
	}

	@Test
	void seesThatAnAddressHasChanged() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).says("reached=10.0.0.7").says("address=10.0.0.7").says("addresses=127.0.0.1 10.0.0.7 ");
		assertThat(pis.swarm("check").exitsWith(1).about("pi@pi1"))
			.contains("knows it by 10.0.0.1 and it is at 10.0.0.7", "An address has changed");
	}

	@Test
	void comparesLabelsWithTheList() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).knows(state(node(1), node(2, "\"Labels\":{\"zone\":\"a\"}"), node(3)));
		Path list = Files.writeString(this.directory.resolve("list"), "pi@pi1\npi@pi2 zone=a\npi@pi3 zone=b rack=1\n");
		ScriptedPis.Result check = pis.swarmOf(list.toString(), "check").exitsWith(1);
		assertThat(check.about("pi@pi2")).contains("ok       labels         as in the list");
		assertThat(check.about("pi@pi3")).contains("up       labels         the node lacks rack=1 zone=b");
		assertThat(check.about("pi@pi1")).doesNotContain("labels");
	}

	@Test
	void namesReadyNodesThatAreNotInTheList() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).knows(state(node(1), node(2), node(3), node(4), node(5, "\"State\":\"down\"")));
		ScriptedPis.Result check = pis.swarm("check").exitsWith(1);
		assertThat(check.about("the Swarm"))
			.contains("BAD      nodes          pi4 is a node of the Swarm and not in the list")
			.doesNotContain("pi5");
	}

	@Test
	void aPiCannotPassAStrangerOffAsItself() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).knows(state(node(1), node(2), node(3), node(4)));
		pis.pi(2).says(pis.pi(2).fact("docker_info").replace(ScriptedPi.id(2), ScriptedPi.id(4)));
		assertThat(pis.swarm("check").exitsWith(1).about("the Swarm")).contains(
				"BAD      nodes          pi2 may be pi@pi2: the ID that a Pi reports contradicts",
				"BAD      nodes          pi4 may be pi@pi2: the ID that a Pi reports contradicts");
		assertThat(pis.swarm("status").exitsWith(1).out()).containsPattern("pi4 +worker +ready .* - +-");
	}

	@Test
	void namesTwins() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(2).says("machine_id=machine3");
		assertThat(pis.swarm("check").exitsWith(1).about("pi@pi3"))
			.contains("BAD      name           is a copy of another Pi");
		pis.pi(2).says("hostname=pi3").ready(true);
		assertThat(pis.swarm("check").exitsWith(1).about("pi@pi3")).contains("another Pi has the name pi3 too");
	}

	@Test
	void aScriptThatFailsIsNotAnAnswer() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(2).breaksAt("facts", 3);
		ScriptedPis.Result check = pis.swarm("check").exitsWith(1);
		assertThat(check.about("pi@pi2")).contains("BAD      SSH            the script failed: exit code 3");
		assertThat(check.about("pi@pi3")).contains("ok       ports");
	}

	@Test
	void aPortThatWasNotTestedIsUnknown() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(2).breaksAt("ports", 1);
		ScriptedPis.Result check = pis.swarm("check").exitsWith(1);
		assertThat(check.about("pi@pi3")).contains("unknown  ports          not tested: pi@pi2 could not test");
	}

	@Test
	void refusesWrongArguments() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		assertRefused(pis.swarm("check", "--fast").exitsWith(2), "Unknown option: '--fast'");
		assertRefused(pis.swarm("check", "pi1").exitsWith(2), "'check' does not take 'pi1'");
		String verbs = ": use check, up, deploy, status, drain, activate, rebalance, backup, restore, down (see 'swarm --help')";
		assertRefused(pis.swarm().exitsWith(2), "a command is missing" + verbs);
		assertRefused(pis.swarm("fly").exitsWith(2), "unknown command 'fly'" + verbs);
		assertRefused(pis.swarm("--fast", "check").exitsWith(2), "Unknown option: '--fast'");
		assertRefused(pis.swarm("check", "--ssh-config", "/none").exitsWith(1), "cannot read /none");
		assertRefused(pis.swarmOf("/none", "check").exitsWith(1), "cannot read the list of Pis /none");
	}

	@Test
	void helpNamesAllVerbsAndOptions() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		assertThat(pis.swarm("--help").exitsWith(0).out()).contains("swarm [OPTION...] VERB",
				"up         installs Docker, sets memory limits", "down       takes the Swarm apart", "--accept-new",
				"--dry-run");
		assertThat(pis.swarm("up", "--help").exitsWith(0).out())
			.contains("one at a time, after a question or with --yes");
	}

	private static void assertRefused(ScriptedPis.Result result, String message) {
		assertThat(result.out()).isEmpty();
		assertThat(result.err()).startsWith("swarm: ").contains(message).hasLineCount(1);
	}

}

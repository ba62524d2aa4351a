package org.piswarm.swarm;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.piswarm.swarm.ScriptedPis.node;
import static org.piswarm.swarm.ScriptedPis.service;
import static org.piswarm.swarm.ScriptedPis.state;
import static org.piswarm.swarm.ScriptedPis.task;

/** {@code swarm status}, from its arguments to its output and exit code. */
class StatusTests {

	private static final String PRODUCER = service("1", "numbers_producer", "\"Replicated\":{\"Replicas\":2}", "");

	private static final String CONSUMER = service("2", "numbers_consumer", "\"Replicated\":{\"Replicas\":1}",
			",\"UpdateStatus\":{\"State\":\"completed\"}");

	@TempDir
	private Path directory = Path.of("");

	@Test
	void showsNodesAndServices() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1)
			.knows(state(node(1), node(2), node(3), PRODUCER, CONSUMER, task("1", 2, "running"),
					task("1", 3, "running"), task("1", 3, "shutdown"), task("2", 2, "running")));
		ScriptedPis.Result status = pis.swarm("status").exitsWith(0);
		assertThat(status.out()).isEqualTo("""
				NODE  ROLE              STATE  ADDRESS   ARCH     DOCKER  DISK         MEMORY         TEMP   CLOCK
				pi1   manager (leader)  ready  10.0.0.1  aarch64  26.1.5  20 GiB free  3000 MiB free  45 °C  ok
				pi2   worker            ready  10.0.0.2  aarch64  26.1.5  20 GiB free  3000 MiB free  45 °C  ok
				pi3   worker            ready  10.0.0.3  aarch64  26.1.5  20 GiB free  3000 MiB free  45 °C  ok

				SERVICE           REPLICAS  NODES    LAST UPDATE  IMAGE
				numbers_consumer  1/1       pi2      completed    localhost/kit:1
				numbers_producer  2/2       pi2 pi3  -            localhost/kit:1

				No warnings.
				""");
		assertThat(status.err()).isEmpty();
	}

	@Test
	void warns() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1)
			.knows(state(node(1, "\"Availability\":\"drain\""), node(2), node(3, "\"State\":\"down\""), node(4),
					PRODUCER, task("1", 2, "running"), task("1", 3, "running"),
					service("3", "bad", "\"Replicated\":{\"Replicas\":0}",
							",\"UpdateStatus\":{\"State\":\"rollback_completed\"}")));
		pis.pi(2).says("disk_free_mib=12");
		pis.pi(3).refuses("ssh: connect to host pi3 port 22: Connection timed out");
		ScriptedPis.Result status = pis.swarm("status").exitsWith(1);
		assertThat(status.out().lines().filter((line) -> line.startsWith("WARNING"))).containsExactly(
				"WARNING  pi1: is drained; 'swarm activate pi1' lets it take tasks again",
				"WARNING  pi3: is down: off, or without network; pi@pi3 does not answer",
				"WARNING  pi4 is a node of the Swarm and not in the list: 'swarm deploy' brings it no images. "
						+ "Add it to the list, or remove it from the Swarm",
				"WARNING  bad: the state of its last update is rollback_completed",
				"WARNING  numbers_producer: 1 of 2 replicas run",
				"WARNING  pi@pi2: disk: 12 MiB free, 2048 needed: delete what you do not need ('docker system prune'), or use a larger SD card");
		assertThat(status.out()).containsPattern("numbers_producer +1/2 +pi2").containsPattern("pi3 .* down .* - +-");
	}

	@Test
	void aQuestionThatFailedIsUnknownAndNotAnEmptyAnswer() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1)
			.knows(node(1), node(2), node(3), "read node",
					"failed service Error response from daemon: context deadline exceeded");
		ScriptedPis.Result status = pis.swarm("status").exitsWith(1);
		assertThat(status.out())
			.contains("The services are unknown.",
					"UNKNOWN  services: pi@pi1: Error response from daemon: context deadline exceeded")
			.doesNotContain("No services", "No warnings")
			.containsPattern("pi3 +worker +ready");
	}

	@Test
	void tasksThatCouldNotBeReadAreUnknown() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).knows(node(1), node(2), node(3), "read node", PRODUCER, "read service");
		ScriptedPis.Result status = pis.swarm("status").exitsWith(1);
		assertThat(status.out()).contains("UNKNOWN  services: pi@pi1: the answer about tasks broke off")
			.doesNotContain("0/2");
	}

	@Test
	void anAnswerThatIsNotDockersIsUnknown() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).knows("node {\"ID\":\"x; rm -rf /\"}", "read node", "read service", "read task");
		assertThat(pis.swarm("status").exitsWith(1).out())
			.contains("UNKNOWN  nodes: pi@pi1: the answer about a node cannot be used: ID is not an ID");
		pis.pi(1).knows("node {", "read node");
		assertThat(pis.swarm("status").exitsWith(1).out()).contains("it is not JSON");
	}

	@Test
	void aHungEngineOfAWorkerIsUnknown() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(2).doesNotSay("docker_info").says("docker_silent=timeout");
		assertThat(pis.swarm("status").exitsWith(1).out())
			.contains("UNKNOWN  pi@pi2: Docker: the engine did not answer within 10 s");
	}

	@Test
	void countsJobsByTasksThatHaveCompleted() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1)
			.knows(state(node(1), node(2), node(3),
					service("4", "done", "\"ReplicatedJob\":{\"MaxConcurrent\":1,\"TotalCompletions\":1}", ""),
					service("5", "half", "\"ReplicatedJob\":{\"TotalCompletions\":2}", ""),
					service("6", "each", "\"Global\":{}", ""), task("4", 2, "complete"), task("5", 3, "complete"),
					task("6", 1, "running"), task("6", 2, "running"), task("6", 3, "running")));
		ScriptedPis.Result status = pis.swarm("status").exitsWith(1);
		assertThat(status.out()).containsPattern("done +1/1 +pi2").containsPattern("each +3/3 +pi1 pi2 pi3");
		assertThat(status.out().lines().filter((line) -> line.startsWith("WARNING")))
			.containsExactly("WARNING  half: 1 of 2 tasks of the job have completed");
	}

	@Test
	void needsAManager() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).refuses("ssh: connect to host pi1 port 22: No route to host");
		ScriptedPis.Result status = pis.swarm("status").exitsWith(1);
		assertThat(status.err())
			.contains("found no manager of a Swarm that answers: 'swarm check' says more", "pi@pi1: does not answer")
			.hasLineCount(1);
		assertThat(status.out()).isEmpty();
	}

	@Test
	void saysWhichEngineOfAManagerHangs() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).doesNotSay("docker_info").says("docker_silent=timeout");
		assertThat(pis.swarm("status").exitsWith(1).err())
			.contains("found no manager", "pi@pi1: the engine did not answer within 10 s")
			.hasLineCount(1);
	}

	@Test
	void aPiCannotControlTheTerminalByAnErrorMessage() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).doesNotSay("docker_info").says("docker_silent=\u001b[2J all is well");
		assertThat(pis.swarm("status").exitsWith(1).err()).contains("does not answer: ?[2J all is well")
			.doesNotContain("\u001b");
	}

	@Test
	void aNodeWithoutANameIsShownByItsId() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1)
			.knows(state(node(1), node(2).replace("\"Hostname\":\"pi2\",", ""),
					node(3, "\"Hostname\":\"pi3'; reboot; '\"", "\"Availability\":\"drain\"")));
		ScriptedPis.Result status = pis.swarm("status").exitsWith(1);
		assertThat(status.out()).contains("swarm activate " + ScriptedPi.id(3))
			.containsPattern(ScriptedPi.id(2) + " +worker +ready +10.0.0.2")
			.doesNotContain("reboot", "UNKNOWN");
	}

	@Test
	void aFailureWithoutAReasonIsUnknown() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).knows(node(1), node(2), node(3), "read node", "failed service");
		assertThat(pis.swarm("status").exitsWith(1).out())
			.contains("UNKNOWN  services: pi@pi1: the question failed without a reason");
	}

	@Test
	void anInterruptionIsNoAnswer() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(3).hangs();
		ScriptedPis.Result status = pis.ctrlC("status").exitsWith(143);
		assertThat(status.out()).isEmpty();
		assertThat(status.err()).isEmpty();
	}

	@Test
	void asksTheNextManager() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).refuses("ssh: connect to host pi1 port 22: No route to host");
		pis.pi(2)
			.in("active", true)
			.knows(state(node(1, "\"State\":\"down\""), node(2, "\"Role\":\"manager\""),
					node(3, "\"Role\":\"manager\"")));
		pis.pi(3).in("active", true);
		Files.writeString(this.directory.resolve("list"), "pi@pi1\npi@pi2 manager\npi@pi3 manager\n");
		ScriptedPis.Result status = pis.swarmOf(this.directory.resolve("list").toString(), "status").exitsWith(1);
		assertThat(status.out()).contains("WARNING  pi1: is down").doesNotContain("UNKNOWN");
	}

}

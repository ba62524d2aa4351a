package org.piswarm.swarm;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.piswarm.swarm.ScriptedPis.node;
import static org.piswarm.swarm.ScriptedPis.service;
import static org.piswarm.swarm.ScriptedPis.state;
import static org.piswarm.swarm.ScriptedPis.task;

/** {@code swarm rebalance}, from its arguments to its output and exit code. */
@Tag("slow") // Each test starts the command; CheckTests do so on each JDK.
class RebalanceTests {

	/** Three replicas, of which pi2 runs two and pi1 one. */
	private static final String[] UNEVEN = swarm(3, task("1", 1, "running"), task("1", 2, "running"),
			task("1", 2, "running"));

	private static final String[] EVEN = swarm(3, task("1", 1, "running"), task("1", 2, "running"),
			task("1", 3, "running"));

	private static final String[] ONE_MORE = swarm(4, task("1", 1, "running"), task("1", 2, "running"),
			task("1", 2, "running"), task("1", 3, "running"));

	private static final String PLUS_ONE = "set -- service000000000000000001 3";

	@TempDir
	private Path directory = Path.of("");

	private static String[] swarm(int replicas, String... tasks) {
		String[] lines = new String[tasks.length + 4];
		lines[0] = node(1);
		lines[1] = node(2);
		lines[2] = node(3);
		lines[3] = service("1", "numbers_producer", "\"Replicated\":{\"Replicas\":" + replicas + "}", "");
		System.arraycopy(tasks, 0, lines, 4, tasks.length);
		return state(lines);
	}

	@Test
	void movesAReplicaAndASecondRunChangesNothing() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).knows(UNEVEN).knowsWithExtra(ONE_MORE, EVEN);
		ScriptedPis.Result first = pis.swarm("rebalance").exitsWith(0);
		assertThat(first.out()).contains("numbers_producer: one more replica starts; then one stops on pi2\n")
			.contains(" s  numbers_producer runs on pi1 pi2 pi3\n")
			.endsWith(" s  numbers_producer is spread well\n");
		assertThat(pis.changes()).containsExactly(PLUS_ONE);

		ScriptedPis.Result second = pis.swarm("rebalance").exitsWith(0);
		assertThat(second.out()).contains("numbers_producer is spread well\n").endsWith(" s  nothing to do\n");
		assertThat(pis.changes()).hasSize(1);
	}

	@Test
	void leavesAServiceThatMayRunNowhereElse() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		String service = service("1", "web", "\"Replicated\":{\"Replicas\":4}", "").replace("\"TaskTemplate\":{",
				"\"TaskTemplate\":{\"Placement\":{\"Constraints\":[\"node.role == worker\"]},");
		pis.pi(1)
			.knows(state(node(1), node(2), node(3), service, task("1", 2, "running"), task("1", 2, "running"),
					task("1", 3, "running"), task("1", 3, "running")));
		assertThat(pis.swarm("rebalance").exitsWith(0).out()).contains("web is spread well", "nothing to do",
				"nothing runs on pi1: no service that may run there has two more replicas on another node");
		assertThat(pis.changes()).isEmpty();
	}

	@Test
	void stopsIfSwarmPlacesTheReplicaElsewhere() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1)
			.knows(UNEVEN)
			.knowsWithExtra(swarm(4, task("1", 1, "running"), task("1", 2, "running"), task("1", 2, "running"),
					task("1", 2, "running")), UNEVEN);
		assertThat(pis.swarm("rebalance").exitsWith(1).out()).contains(
				"numbers_producer is not spread better: Swarm did not place the new replica where it was expected");
		assertThat(pis.changes()).containsExactly(PLUS_ONE);
	}

	@Test
	void dryRunChangesNothing() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).knows(UNEVEN).isLocked();
		assertThat(pis.swarm("rebalance", "--dry-run").exitsWith(0).out())
			.contains("numbers_producer: would move 1 replica, first from pi2");
		assertThat(pis.changes()).isEmpty();
	}

	@Test
	void anAnswerThatFailedLeadsToNoMove() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1)
			.knows(UNEVEN)
			.knowsLater(1, node(1), node(2), node(3), "read node", "failed service no answer within 25 s");
		ScriptedPis.Result rebalance = pis.swarm("rebalance").exitsWith(1);
		assertThat(rebalance.err())
			.isEqualTo("swarm: the services are unknown, so nothing was changed: pi@pi1: no answer within 25 s\n");
		assertThat(rebalance.out()).doesNotContain("nothing to do", "spread well");
		assertThat(pis.changes()).isEmpty();
	}

	@Test
	void anAnswerThatFailsIsNotAReplicaThatRuns() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		// The third question is which manager answers; the next three are about the new
		// replica.
		pis.pi(1)
			.knows(UNEVEN)
			.knowsLater(1, UNEVEN)
			.knowsLater(2, UNEVEN)
			.knowsLater(3, "failed node no answer within 25 s")
			.knowsLater(4, "failed node no answer within 25 s")
			.knowsLater(5, "failed node no answer within 25 s")
			.knowsLater(6, ONE_MORE)
			.knowsWithExtra(UNEVEN, EVEN);
		assertThat(pis.swarm("rebalance").exitsWith(0).out()).contains("numbers_producer runs on pi1 pi2 pi3");
		assertThat(this.directory.resolve("pi1/state.6")).doesNotExist();
	}

	@Test
	void leavesAServiceThatIsNotComplete() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).knows(swarm(3, task("1", 2, "running"), task("1", 2, "running")));
		assertThat(pis.swarm("rebalance").exitsWith(1).out())
			.contains("numbers_producer: 2 of 3 replicas run; it stays as it is")
			.doesNotContain("nothing to do");
		assertThat(pis.changes()).isEmpty();
	}

	@Test
	void needsTheLockOfEachManager() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).knows(UNEVEN);
		pis.pi(2).in("active", true);
		pis.pi(3).in("active", true).isLocked();
		assertThat(pis.swarmOf(pis.threeManagers(), "rebalance").exitsWith(1).err()).isEqualTo(
				"swarm: another command changes this Swarm at the moment: wait until it ends, then run this one again\n");
		assertThat(pis.changes()).isEmpty();
	}

	@Test
	void takesTheLockInTheOrderOfTheList() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).knows(EVEN);
		pis.pi(2).in("active", true);
		pis.pi(3).in("active", true);
		pis.swarmOf(pis.threeManagers(), "rebalance").exitsWith(0);
		assertThat(this.directory.resolve("locks")).hasContent("pi1\npi2\npi3");
	}

	@Test
	void movesNothingAfterItHasLostTheLock() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).knows(UNEVEN).losesTheLock();
		assertThat(pis.swarm("rebalance").exitsWith(1).err())
			.startsWith("swarm: the connection to a manager broke, and with it the lock of the Swarm");
		assertThat(pis.changes()).isEmpty();
	}

	@Test
	void plansWhatIsThereOnceItHasTheLock() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		// Between the first question and the lock, another command ends.
		pis.pi(1).knows(UNEVEN).knowsLater(1, EVEN);
		assertThat(pis.swarm("rebalance").exitsWith(0).out()).contains("nothing to do");
		assertThat(pis.changes()).isEmpty();
	}

	@Test
	void leavesANumberThatAnotherCommandHasSet() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).knows(UNEVEN).knowsWithExtra(swarm(5), swarm(5)).answersAboutExtra("up\n", "changed 5\n");
		assertThat(pis.swarm("rebalance").exitsWith(1).err()).isEqualTo(
				"swarm: numbers_producer has 5 replicas, which another command has set: wait until that ends, then run this one again\n");
		assertThat(pis.changes()).containsExactly(PLUS_ONE);
	}

	@Test
	void saysHowToSetTheNumberBackIfTheManagerDoesNotSaySo() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).knows(UNEVEN).knowsWithExtra(ONE_MORE, ONE_MORE).answersAboutExtra("up\n", "");
		assertThat(pis.swarm("rebalance").exitsWith(1).err())
			.isEqualTo("swarm: numbers_producer: the manager did not say what it has done. Run 'swarm status': "
					+ "if it does not have 3 replicas, run 'docker service scale numbers_producer=3' on a manager\n");
	}

	@Test
	void saysWhatAnInterruptionLeaves() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).knows(UNEVEN).knowsWithExtra(swarm(4), EVEN);
		ScriptedPis.Result rebalance = pis.interrupted(() -> pis.pi(1).hangs(), "one more replica starts", "rebalance")
			.exitsWith(143);
		assertThat(rebalance.err())
			.contains("swarm: interrupted; numbers_producer gets its 3 replicas back within 20 s: "
					+ "check it with 'swarm status', then run it again to finish\n");
	}

	@Test
	void needsAManager() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).refuses("ssh: connect to host pi1 port 22: No route to host");
		assertThat(pis.swarm("rebalance").exitsWith(1).err()).contains("found no manager of a Swarm that answers",
				"pi@pi1: does not answer");
		assertThat(pis.swarm("rebalance", "web").exitsWith(2).err()).contains("'rebalance' does not take 'web'");
	}

}

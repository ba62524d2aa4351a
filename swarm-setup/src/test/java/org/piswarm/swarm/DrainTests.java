package org.piswarm.swarm;

import java.nio.file.Path;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.piswarm.swarm.ScriptedPis.node;
import static org.piswarm.swarm.ScriptedPis.service;
import static org.piswarm.swarm.ScriptedPis.state;
import static org.piswarm.swarm.ScriptedPis.task;

/**
 * {@code swarm drain} and {@code swarm activate}, from their arguments to output and exit
 * code.
 */
@Tag("slow") // Each test starts the command; CheckTests do so on each JDK.
class DrainTests {

	private static final String PRODUCER = service("1", "numbers_producer", "\"Replicated\":{\"Replicas\":1}", "");

	private static final String DRAINED = "\"Availability\":\"drain\"";

	private static final String FAILED = "failed node Error response from daemon: context deadline exceeded";

	@TempDir
	private Path directory = Path.of("");

	@Test
	void waitsUntilTheTasksRunElsewhere() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		String[] before = state(node(1), node(2), node(3), PRODUCER, task("1", 3, "running"));
		pis.pi(1)
			.knows(before)
			.knowsLater(1, before)
			.knowsLater(2,
					state(node(1), node(2), node(3, DRAINED), PRODUCER, task("1", 2, "running"),
							task("1", 3, "running")))
			.knowsLater(3, state(node(1), node(2), node(3, DRAINED), PRODUCER, task("1", 2, "running"),
					task("1", 3, "shutdown")));
		ScriptedPis.Result drain = pis.swarm("drain", "pi3").exitsWith(0);
		assertThat(drain.out()).contains("pi3 takes no more tasks")
			.endsWith(" s  pi3 is empty: it can be switched off\n");
		assertThat(pis.changes()).containsExactly("set -- " + ScriptedPi.id(3) + " --availability drain");
		assertThat(this.directory.resolve("pi1/state.3")).doesNotExist();
	}

	@Test
	void aQuestionThatFailsIsNotAnEmptyNode() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		String[] before = state(node(1), node(2), node(3), PRODUCER, task("1", 3, "running"));
		pis.pi(1)
			.knows(before)
			.knowsLater(1, before)
			.knowsLater(2, FAILED)
			.knowsLater(3, FAILED)
			.knowsLater(4, FAILED)
			.knowsLater(5, state(node(1), node(2), node(3, DRAINED), PRODUCER, task("1", 2, "running")));
		assertThat(pis.swarm("drain", "pi3").exitsWith(0).out()).contains("it can be switched off");
		assertThat(this.directory.resolve("pi1/state.5")).doesNotExist();
	}

	@Test
	void seesWhatAnotherCommandHasChangedBeforeTheLockWasTaken() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).knows(state(node(1), node(2), node(3))).knowsLater(1, state(node(1), node(2), node(3, DRAINED)));
		assertThat(pis.swarm("drain", "pi3").exitsWith(0).out()).contains("pi3 is already drained");
		assertThat(pis.changes()).isEmpty();
	}

	@Test
	void changesNothingWithoutTheLock() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).losesTheLock();
		assertThat(pis.swarm("drain", "pi3").exitsWith(1).err()).startsWith("swarm: lost the lock of the Swarm")
			.hasLineCount(1);
		assertThat(pis.changes()).isEmpty();
	}

	@Test
	void aSecondRunWaitsToo() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		String[] half = state(node(1), node(2), node(3, DRAINED), PRODUCER, task("1", 3, "running"));
		pis.pi(1)
			.knows(half)
			.knowsLater(1, half)
			.knowsLater(2, state(node(1), node(2), node(3, DRAINED), PRODUCER, task("1", 2, "running")));
		ScriptedPis.Result drain = pis.swarm("drain", "pi3").exitsWith(0);
		assertThat(drain.out()).contains("pi3 is already drained", "pi3 is empty: it can be switched off");
		assertThat(pis.changes()).isEmpty();
		assertThat(this.directory.resolve("pi1/state.2")).doesNotExist();
	}

	@Test
	void aLoneManagerIsNotSafeToSwitchOff() throws Exception {
		ScriptedPis.Result drain = ScriptedPis.healthy(this.directory).swarm("drain", "pi1").exitsWith(0);
		assertThat(drain.out()).contains("the managers have no majority without it")
			.doesNotContain("can be switched off");
	}

	@Test
	void aNodeThatIsDownIsUnknown() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(3).refuses("ssh: connect to host pi3 port 22: No route to host");
		pis.pi(1)
			.knows(state(node(1), node(2), node(3, DRAINED, "\"State\":\"down\""), PRODUCER, task("1", 2, "running"),
					task("1", 3, "running")));
		assertThat(pis.swarm("drain", "pi3").exitsWith(1).out())
			.contains("whether its containers have stopped is unknown");
	}

	@ParameterizedTest
	@ValueSource(strings = { "pi3", "pi3.local", "pi@pi3.local" })
	void findsANodeByItsNameInTheList(String name) throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		ScriptedPis.Result drain = pis.swarmOf("pi@pi1,pi@pi2,pi@pi3.local", "drain", name, "--dry-run").exitsWith(0);
		assertThat(drain.out()).contains("would drain pi3");
		assertThat(pis.changes()).isEmpty();
	}

	@Test
	void aPiCannotHaveAnotherNodeDrained() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(2).says(pis.pi(3).fact("docker_info"));
		assertThat(pis.swarmOf("pi@pi1,pi@pi2.local,pi@pi3", "drain", "pi2.local").exitsWith(1).err())
			.startsWith("swarm: 'pi2.local' could be pi2 (" + ScriptedPi.id(2) + ", ready) or pi3 (")
			.hasLineCount(1);
		// Its name in the list does not say which node it is.
		pis.pi(1).knows(state(node(1), node(2, "\"Hostname\":\"other\"", "\"Addr\":\"10.0.0.9\""), node(3)));
		assertThat(pis.swarm("drain", "pi@pi2").exitsWith(1).err())
			.startsWith("swarm: pi@pi2 and pi@pi3 could both be pi3, so nothing was changed");
		assertThat(pis.changes()).isEmpty();
	}

	@Test
	void aNodeCannotTakeTheNameOfAnother() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).knows(state(node(1), node(2), node(3, "\"Hostname\":\"pi2.local\"")));
		assertThat(pis.swarmOf("pi@pi1,pi@pi2.local,pi@pi3", "drain", "pi2.local").exitsWith(1).err())
			.contains("'pi2.local' could be pi2.local (", " or pi2 (");
		assertThat(pis.changes()).isEmpty();
	}

	@Test
	void findsAPiThatHasLeftAndJoinedAgain() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		String former = node(4, "\"Hostname\":\"pi3\"", "\"State\":\"down\"");
		pis.pi(1).knows(state(node(1), node(2), node(3), former));
		pis.swarm("drain", "pi3").exitsWith(0);
		assertThat(pis.changes()).containsExactly("set -- " + ScriptedPi.id(3) + " --availability drain");
		pis.pi(1).knows(state(node(1), node(2), node(3, "\"State\":\"down\""), former));
		assertThat(pis.swarm("drain", "pi3").exitsWith(1).err()).contains(
				"pi3 (" + ScriptedPi.id(3) + ", down) or pi3 (" + ScriptedPi.id(4) + ", down)", "'docker node rm ID'");
	}

	@Test
	void refusesAnUnknownNode() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		assertThat(pis.swarm("drain", "pi9").exitsWith(1).err())
			.isEqualTo("swarm: there is no node 'pi9': the nodes are pi1, pi2, pi3\n");
		assertThat(pis.swarm("drain").exitsWith(2).err()).contains("NODE").hasLineCount(1);
	}

	@Test
	void changesNothingIfServicesAreUnknown() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).knows(node(1), node(2), node(3), "read node", "failed service no answer within 25 s");
		assertThat(pis.swarm("drain", "pi3").exitsWith(1).err())
			.contains("the services are unknown, so nothing was changed");
		assertThat(pis.changes()).isEmpty();
	}

	@Test
	void changesNothingNextToAnotherCommand() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).isLocked();
		assertThat(pis.swarm("drain", "pi3").exitsWith(1).err()).isEqualTo(
				"swarm: another command changes this Swarm at the moment: wait until it ends, then run this one again\n");
		assertThat(pis.changes()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';',
			textBlock = """
					255; ssh: connect to host pi1 port 22: Connection timed out; whether pi3 is drained is unknown: does not answer
					124; docker did not answer within 25 s;                      whether pi3 is drained is unknown: docker did not
					1;   Error: not a manager;                                   could not change pi3: Error: not a manager
					""")
	void saysWhetherAChangeThatFailedMayHaveBeenMade(int exit, String err, String message) throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).breaksAt("node-update", exit, err);
		ScriptedPis.Result drain = pis.swarm("drain", "pi3").exitsWith(1);
		assertThat(drain.err()).startsWith("swarm: " + message).hasLineCount(1);
		assertThat(drain.out()).doesNotContain("takes no more tasks");
	}

	@Test
	void anInterruptionSaysWhatToDoAndLeavesNothing() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		pis.pi(1).knows(state(node(1), node(2), node(3), PRODUCER, task("1", 3, "running")));
		ScriptedPis.Result drain = pis.interrupted(() -> pis.pi(1).hangs(), "pi3 takes no more tasks", "drain", "pi3")
			.exitsWith(143);
		assertThat(drain.err()).isEqualTo("swarm: interrupted; run it again to finish\n");
		assertThat(drain.out()).doesNotContain("empty", "unknown");
	}

	@Test
	void activates() throws Exception {
		ScriptedPis pis = ScriptedPis.healthy(this.directory);
		assertThat(pis.swarm("activate", "pi3").exitsWith(0).out()).contains("pi3 is already active");
		pis.pi(1).knows(state(node(1), node(2), node(3, DRAINED)));
		assertThat(pis.swarm("activate", "pi3").exitsWith(0).out()).contains("pi3 takes tasks again");
		assertThat(pis.changes()).containsExactly("set -- " + ScriptedPi.id(3) + " --availability active");
	}

}

package org.piswarm.swarm;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.piswarm.swarm.ScriptedPis.node;
import static org.piswarm.swarm.ScriptedPis.state;

/** {@code swarm down}, from its arguments to its output and exit code. */
@Tag("slow") // Each test starts the command; CheckTests do so on each JDK.
class DownTests {

	private final ScriptedPis pis;

	DownTests(@TempDir Path directory) throws IOException {
		this.pis = ScriptedPis.healthy(directory);
	}

	@Test
	void workersLeaveFirst() throws Exception {
		assertThat(this.pis.swarm("down", "--yes").exitsWith(0).out()).contains("pi@pi2 has left the Swarm")
			.endsWith(" s  pi@pi1 has left the Swarm\n");
		assertThat(this.pis.changes()).containsExactly("pi2 leave-swarm", "pi3 leave-swarm", "pi1 leave-swarm");
	}

	@Test
	void theFirstManagerLeavesLast() throws Exception {
		this.pis.pi(2).in("active", true);
		this.pis.pi(3).in("active", true);
		this.pis.swarmOf(this.pis.threeManagers(), "down", "--yes").exitsWith(0);
		assertThat(this.pis.changes()).containsExactly("pi3 leave-swarm", "pi2 leave-swarm", "pi1 leave-swarm");
	}

	@Test
	void asksBefore() throws Exception {
		assertThat(this.pis.swarm("down").exitsWith(1).err())
			.isEqualTo("swarm: this ends all services of the Swarm: pass --yes to confirm\n");
		assertThat(this.pis.changes()).isEmpty();
		assertThat(this.pis.swarmAtTerminal("y\n", "down").exitsWith(0).out())
			.contains("Take the Swarm of 3 Pis apart, and end all its services? [y/N] ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "\n", "n\n", "yesterday\n" })
	void noAnswerIsANo(String answer) throws Exception {
		assertThat(this.pis.swarmAtTerminal(answer, "down").exitsWith(1).err())
			.isEqualTo("swarm: nothing was changed\n");
		assertThat(this.pis.changes()).isEmpty();
	}

	@Test
	void dryRunChangesNothing() throws Exception {
		assertThat(this.pis.swarm("down", "--dry-run").exitsWith(0).out()).contains("pi@pi2 would leave the Swarm");
		assertThat(this.pis.changes()).isEmpty();
	}

	@Test
	void aPiThatDoesNotAnswerCanLeaveLater() throws Exception {
		this.pis.pi(3).refuses("ssh: connect to host pi3 port 22: No route to host");
		ScriptedPis.Result down = this.pis.swarm("down", "--yes").exitsWith(1);
		assertThat(down.err()).isEqualTo("pi@pi3: does not answer: is it on, and on this network?\n"
				+ "swarm: not all Pis have left: see above; run it again when they answer\n");
		assertThat(this.pis.changes()).containsExactly("pi2 leave-swarm", "pi1 leave-swarm");
	}

	@Test
	void theRestLeavesWhenTheManagersHaveLeft() throws Exception {
		this.pis.pi(1).in("inactive", false);
		this.pis.pi(2).in("inactive", false);
		this.pis.pi(3).knowsManagersAt("10.0.0.1:2377");
		assertThat(this.pis.swarm("down", "--yes").exitsWith(0).out()).contains("pi@pi3 has left the Swarm",
				"pi@pi1 is in no Swarm");
		assertThat(this.pis.changes()).containsExactly("pi3 leave-swarm");
	}

	@Test
	void aWorkerOfOtherManagersStays() throws Exception {
		this.pis.pi(1).in("inactive", false);
		this.pis.pi(2).in("inactive", false);
		this.pis.pi(3).knowsManagersAt("10.0.0.1:2377", "10.0.0.9:2377");
		assertThat(this.pis.swarm("down", "--yes").exitsWith(1).err()).startsWith(
				"pi@pi3: is in a Swarm whose manager is not certainly in the list, and stays there: if you do not need");
		assertThat(this.pis.changes()).isEmpty();
	}

	@Test
	void aWorkerStaysIfItsManagerMayBeOfAnotherSwarm() throws Exception {
		this.pis.pi(1).refuses("ssh: connect to host pi1 port 22: No route to host");
		this.pis.pi(2).knowsManagersAt("10.0.0.3:2377");
		this.pis.pi(3).inAnotherSwarm(false).knowsManagersAt("10.0.0.9:2377");
		ScriptedPis.Result down = this.pis.swarm("down", "--yes").exitsWith(1);
		assertThat(down.err()).contains("pi@pi3: is in a Swarm whose manager is not certainly in the list, because "
				+ "pi@pi1 does not say its Swarm, and stays there: if you do not need");
		assertThat(this.pis.changes()).containsExactly("pi2 leave-swarm");
	}

	@Test
	void workersLeaveALostManagerThatTheListNamesByItsAddress() throws Exception {
		this.pis.pi(2).knowsManagersAt("10.0.0.1:2377");
		this.pis.pi(3).knowsManagersAt("10.0.0.1:2377");
		this.pis.swarmOf("pi@10.0.0.1,pi@pi2,pi@pi3", "down", "--yes").exitsWith(1);
		assertThat(this.pis.changes()).containsExactly("pi2 leave-swarm", "pi3 leave-swarm");
	}

	@Test
	void aManagerThatDoesNotAnswerMayBeOfAnotherSwarm() throws Exception {
		this.pis.pi(1).refuses("ssh: connect to host pi1 port 22: No route to host");
		this.pis.pi(2).in("active", true).knows(state(node(2), node(3)));
		this.pis.pi(3).in("active", false);
		String list = this.pis.threeManagers();
		assertThat(this.pis.swarmOf(list, "down", "--yes").exitsWith(1).err()).contains(
				"pi@pi2: is in a Swarm that is not certainly that of pi@pi1, and stays there: switch that manager on");
		assertThat(this.pis.changes()).isEmpty();
		this.pis.pi(2).knows(state(node(1, "\"State\":\"down\""), node(2), node(3)));
		this.pis.swarmOf(list, "down", "--yes").exitsWith(1);
		assertThat(this.pis.changes()).containsExactly("pi3 leave-swarm", "pi2 leave-swarm");
	}

	@Test
	void aPiInAnotherSwarmStays() throws Exception {
		this.pis.pi(3).inAnotherSwarm(true);
		assertThat(this.pis.swarm("down", "--yes").exitsWith(1).err())
			.startsWith("pi@pi3: is in another Swarm, and stays there\n");
		assertThat(this.pis.changes()).containsExactly("pi2 leave-swarm", "pi1 leave-swarm");
	}

	@Test
	void anUnknownSwarmIsNotOurs() throws Exception {
		this.pis.pi(3).doesNotSay("docker_info").says("docker_silent=timeout");
		assertThat(this.pis.swarm("down", "--yes").exitsWith(1).err())
			.startsWith("pi@pi3: which Swarm it is in is unknown: the engine did not answer within 10 s\n");
		assertThat(this.pis.changes()).containsExactly("pi2 leave-swarm", "pi1 leave-swarm");
	}

	@Test
	void saysThatADepartureIsUnknown() throws Exception {
		this.pis.pi(2).breaksAt("leave-swarm", 124, "docker did not answer within 60 s");
		ScriptedPis.Result down = this.pis.swarm("down", "--yes").exitsWith(1);
		assertThat(down.err()).startsWith(
				"pi@pi2: whether it has left the Swarm is unknown: the script failed: docker did not answer within 60 s\n");
		assertThat(down.out()).doesNotContain("pi@pi2 has left").contains("pi@pi1 has left the Swarm");
	}

	@Test
	void changesNothingNextToAnotherCommand() throws Exception {
		this.pis.pi(1).isLocked();
		assertThat(this.pis.swarm("down", "--yes").exitsWith(1).err())
			.contains("another command changes this Swarm at the moment");
		assertThat(this.pis.changes()).isEmpty();
	}

	@Test
	void changesNothingWhileAnotherCommandHasStoppedTheManagersEngine() throws Exception {
		this.pis.pi(1).doesNotSay("docker_info").says("docker_silent=timeout").isLocked();
		this.pis.pi(2).knowsManagersAt("10.0.0.1:2377");
		assertThat(this.pis.swarm("down", "--yes").exitsWith(1).err())
			.contains("another command changes this Swarm at the moment");
		assertThat(this.pis.changes()).isEmpty();
	}

	@Test
	void anInterruptionSaysWhatToDo() throws Exception {
		this.pis.pi(3).hangsIn("leave-swarm");
		ScriptedPis.Result down = this.pis.interrupted(() -> {
		}, "pi@pi2 has left", "down", "--yes").exitsWith(143);
		assertThat(down.err()).isEqualTo("swarm: interrupted; run it again to finish\n");
		assertThat(down.out()).doesNotContain("pi@pi3 has left");
	}

}

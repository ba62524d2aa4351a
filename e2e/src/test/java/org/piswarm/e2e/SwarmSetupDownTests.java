package org.piswarm.e2e;

import java.util.Map;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The end of a Swarm.
 */
@ExtendWith(KeptLogs.class)
class SwarmSetupDownTests {

	private static final SwarmSetup swarm = SwarmSetup.ofAll();

	private static final Pi PI3 = new Pi(3);

	@BeforeAll
	static void pis() {
		Snapshot.SWARM.restore();
	}

	@Test
	void takesTheSwarmApart() {
		Command.Result asked = swarm.run("down");
		assertThat(asked.exitCode()).isEqualTo(1);
		assertThat(asked.output()).contains("pass --yes to confirm");

		PI3.unplug();
		Command.Result down = swarm.run("down", "--yes");
		assertThat(down.exitCode()).isEqualTo(1);
		assertThat(down.output()).contains("pi@pi2 has left the Swarm", "pi@pi3: does not answer");
		PI3.replug();
		assertThat(swarm.timed("down, of the last node", Map.of(), "down", "--yes"))
			.contains("pi@pi3 has left the Swarm", "pi@pi1 is in no Swarm");
		assertThat(Pi.ALL)
			.allMatch((pi) -> pi.run("docker info --format '{{.Swarm.LocalNodeState}}'").equals("inactive"));
	}

}

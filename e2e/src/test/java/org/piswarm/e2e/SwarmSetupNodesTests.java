package org.piswarm.e2e;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Nodes that leave and come back while services run. Each test begins with what the one
 * before it has left.
 */
@TestMethodOrder(OrderAnnotation.class)
@ExtendWith(KeptLogs.class)
class SwarmSetupNodesTests {

	private static final SwarmSetup swarm = SwarmSetup.ofAll();

	private static final Pi PI3 = new Pi(3);

	@BeforeAll
	static void pis() {
		Snapshot.STACK.restore();
	}

	@Test
	@Order(1)
	void drainsAndActivates() {
		Command.Result unknown = swarm.run("drain", "pi9");
		assertThat(unknown.exitCode()).isEqualTo(1);
		assertThat(unknown.output()).contains("there is no node 'pi9'", "pi1", "pi2", "pi3");

		swarm.timed("drain", Map.of(), "drain", "pi3");
		assertThat(PI3.run("docker ps --quiet")).isEmpty();
		assertThat(Http.get(PI3.producerUrl()).isNumber()).isTrue();
		Command.Result status = swarm.run("status");
		assertThat(status.exitCode()).isEqualTo(1);
		assertThat(status.output()).contains("WARNING  pi3: is drained; 'swarm activate pi3'")
			.containsPattern("pi1 +manager \\(leader\\) +ready")
			.containsPattern("numbers_consumer +1/1")
			.containsPattern("numbers_producer +2/2");
		assertThat(swarm.run("drain", "pi3").orFail()).contains("already drained");
		swarm.run("activate", "pi3").orFail();
		assertThat(swarm.run("activate", "pi3").orFail()).contains("already active");
	}

	@Test
	@Order(2)
	void rebalancesAfterAPowerCut() {
		Stack stack = new Stack("numbers");
		PI3.powerOff();
		Wait.until("pi3 is down", Duration.ofMinutes(2),
				() -> Pi.MANAGER.run("docker node inspect --format '{{.Status.State}}' pi3").equals("down"));
		Command.Result status = swarm.run("status");
		assertThat(status.exitCode()).isEqualTo(1);
		assertThat(status.output()).contains("WARNING  pi3: is down: off, or without network; pi@pi3 does not answer");
		stack.scale("producer", 3);
		PI3.powerOn();
		Wait.until("pi3 is ready", Duration.ofMinutes(2),
				() -> Pi.MANAGER.run("docker node inspect --format '{{.Status.State}}' pi3").equals("ready"));
		assertThat(stack.nodes("producer")).doesNotContain("pi3");
		Wait.until("pi3 passes requests on again", Duration.ofSeconds(30),
				() -> Http.get(PI3.producerUrl()).isNumber());
		try (Load load = Load.on(Pi.ALL)) {
			swarm.timed("rebalance, of three producers", Map.of(), "rebalance");
			Load.Outcome outcome = load.end();
			Report.figure("swarm rebalance", outcome.summary());
			assertThat(outcome.failures()).isEmpty();
		}
		assertThat(stack.nodes("producer")).containsExactlyInAnyOrder("pi1", "pi2", "pi3");
		assertThat(swarm.run("rebalance").orFail()).contains("nothing to do");
	}

}

package org.piswarm.swarm.prepare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.piswarm.swarm.docker.Node;
import org.piswarm.swarm.docker.SwarmState;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.pis.PiList;

import static org.assertj.core.api.Assertions.assertThat;

/** When nodes of a Swarm reboot, and how. */
class RebootPlanTests {

	private static final String ID = "node00000000000000000000";

	private final List<String> lines = new ArrayList<>();

	private void node(int number, String role, String state, String availability, boolean leader) {
		this.lines.add(("node {\"ID\":\"%s%d\",\"Spec\":{\"Role\":\"%s\",\"Availability\":\"%s\"},"
				+ "\"Description\":{\"Hostname\":\"pi%d\"},\"Status\":{\"State\":\"%s\"},\"ManagerStatus\":{\"Leader\":%s,\"Reachability\":\"%s\"}}")
			.formatted(ID, number, role, availability, number, state, leader,
					state.equals("ready") ? "reachable" : "unreachable"));
	}

	private void task(int node) {
		this.lines.add(("task {\"ID\":\"task%021d\",\"ServiceID\":\"service00000000000000000s\",\"NodeID\":\"%s%d\","
				+ "\"Status\":{\"State\":\"running\"},\"DesiredState\":\"running\"}")
			.formatted(node, ID, node));
	}

	private SwarmState state() {
		List<String> all = new ArrayList<>(this.lines.stream().filter((line) -> line.startsWith("node")).toList());
		all.add("read node");
		all.add("read service");
		this.lines.stream().filter((line) -> line.startsWith("task")).forEach(all::add);
		all.add("read task");
		return SwarmState.parse("pi1", Fact.known(String.join("\n", all)));
	}

	private Node node(int number) {
		return state().nodes()
			.value()
			.orElseThrow()
			.stream()
			.filter((node) -> node.id().equals(ID + number))
			.findFirst()
			.orElseThrow();
	}

	private RebootPlan plan(int number) {
		SwarmState state = state();
		return RebootPlan.of(node(number), state.nodes().value().orElseThrow(), state.tasks().value().orElseThrow());
	}

	@Test
	void workersAreFirstAndTheLeaderIsLast() {
		node(1, "manager", "ready", "active", true);
		node(2, "manager", "ready", "active", false);
		node(3, "worker", "ready", "active", false);
		List<Pi> pis = PiList.read("pi@pi1,pi@pi2,pi@pi3");
		Map<Pi, Node> nodes = new LinkedHashMap<>();
		pis.forEach((pi) -> nodes.put(pi, node(nodes.size() + 1)));
		assertThat(RebootPlan.order(nodes).stream().map((entry) -> entry.getKey().name())).containsExactly("pi@pi3",
				"pi@pi2", "pi@pi1");
	}

	@Test
	void drainsANodeThatRunsTasksIfAnotherCanTakeThem() {
		node(1, "manager", "ready", "active", true);
		node(2, "worker", "ready", "active", false);
		task(2);
		assertThat(plan(2)).isEqualTo(new RebootPlan(true, Optional.empty()));
		assertThat(plan(1)).isEqualTo(new RebootPlan(false, Optional.empty()));
	}

	@Test
	void drainsNoNodeIfNoOtherTakesTasks() {
		node(1, "manager", "ready", "drain", true);
		node(2, "worker", "ready", "active", false);
		node(3, "worker", "down", "active", false);
		task(2);
		assertThat(plan(2)).isEqualTo(new RebootPlan(false, Optional.empty()));
	}

	@Test
	void aNodeThatAUserDrainedStaysDrained() {
		node(1, "manager", "ready", "active", true);
		node(2, "worker", "ready", "drain", false);
		task(2);
		assertThat(plan(2).drain()).isFalse();
	}

	@Test
	void keepsTheMajorityOfManagers() {
		node(1, "manager", "ready", "active", true);
		node(2, "manager", "ready", "active", false);
		node(3, "manager", "down", "active", false);
		assertThat(plan(2).obstacle()).hasValueSatisfying((text) -> assertThat(text).contains("no majority"));
		this.lines.remove(2);
		node(3, "manager", "ready", "active", false);
		assertThat(plan(2).obstacle()).isEmpty();
	}

	@Test
	void aManagerThatTheOthersDoNotReachIsNoneOfTheMajority() {
		node(1, "manager", "ready", "active", true);
		node(2, "manager", "ready", "active", false);
		node(3, "manager", "ready", "active", false);
		this.lines.set(2, this.lines.get(2).replace("reachable", "unreachable"));
		assertThat(plan(2).obstacle()).isPresent();
		assertThat(plan(3).obstacle()).isEmpty();
	}

}

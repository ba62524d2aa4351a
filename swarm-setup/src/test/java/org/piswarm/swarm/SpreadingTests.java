package org.piswarm.swarm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.piswarm.swarm.docker.SwarmState;
import org.piswarm.swarm.judge.Spreading;
import org.piswarm.swarm.known.Fact;

import static org.assertj.core.api.Assertions.assertThat;

/** The plan of {@code swarm rebalance}, for what a manager answers. */
class SpreadingTests {

	/** One character for each replica: the number of its node. */
	@ParameterizedTest
	@CsvSource({ "123,0", "112,1", "1112,1", "111,2", "1111,2", "11111,3", "1,0", "12,0", "111222,2" })
	void countsMoves(String replicas, int moves) {
		assertThat(plan(replicas, "").moves()).isEqualTo(moves);
	}

	@Test
	void namesTheNodeThatRunsMost() {
		assertThat(plan("1223", "").from()).isEmpty();
		assertThat(plan("1222", "").from()).contains("pi2");
	}

	@ParameterizedTest
	@ValueSource(strings = { "node.role==manager", "node.hostname!=pi3", "node.labels.disk == ssd", "node.ip!=10.0.0.3",
			"NODE.ID==node000000000000000000001", "node.labels.none==x", "node.platform.arch==x86_64",
			"node.platform.os!=linux", "engine.labels.a!=" })
	void constraintsExcludePi3(String constraint) {
		assertThat(plan("112", placement("\"Constraints\":[\"" + constraint + "\"]")))
			.extracting(Spreading::moves, Spreading::obstacle)
			.containsExactly(0, Optional.empty());
	}

	@ParameterizedTest
	@ValueSource(strings = { "node.role==WORKER", "node.labels.zone==b", "node.labels.disk!=ssd", "node.ip==10.0.0.3",
			"node.platform.arch==aarch64", "node.platform.os==linux", "node.hostname != pi1" })
	void constraintsAllowPi3(String constraint) {
		assertThat(plan("112", placement("\"Constraints\":[\"" + constraint + "\"]")).moves()).isEqualTo(1);
	}

	@Test
	void aConstraintThatIsNotUnderstoodAllowsNoMove() {
		Spreading plan = plan("112", placement("\"Constraints\":[\"node.ip==10.0.0.0/24\"]"));
		assertThat(plan.moves()).isZero();
		assertThat(plan.obstacle())
			.contains("web: it is unknown which nodes the constraint 'node.ip==10.0.0.0/24' allows");
		assertThat(plan("123", placement("\"Constraints\":[\"node.ip==10.0.0.0/24\"]")).obstacle()).isEmpty();
	}

	@Test
	void aNodeTakesAtMostItsNumberOfReplicas() {
		assertThat(plan("111122", placement("\"MaxReplicas\":1")).moves()).isEqualTo(1);
		assertThat(plan("1122", placement("\"MaxReplicas\":2"), node3("\"Availability\":\"pause\"")).moves()).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"Availability\":\"drain\"", "\"Availability\":\"pause\"", "\"State\":\"down\"",
			"\"State\":\"unknown\"" })
	void aNodeThatTakesNoTasksIsNoTarget(String change) {
		assertThat(plan("112", "", node3(change)).moves()).isZero();
		assertThat(plan("1112", "", node3(change)).moves()).isEqualTo(1);
	}

	@Test
	void anImageForAnotherProcessorDoesNotRunThere() {
		assertThat(plan("112", placement("\"Platforms\":[{\"Architecture\":\"amd64\",\"OS\":\"linux\"}]")).moves())
			.isZero();
		assertThat(plan("112", placement("\"Platforms\":[{\"Architecture\":\"arm64\",\"OS\":\"linux\"}]")).moves())
			.isEqualTo(1);
	}

	/**
	 * Each node has 1000 bytes. Replicas and the other service's task on pi3 reserve
	 * some.
	 */
	@ParameterizedTest
	@CsvSource({ "400,700,0", "400,600,1", "0,1000,1", "300,0,1" })
	void aNodeNeedsTheMemoryThatIsReserved(long replica, long other, int moves) {
		assertThat(plan("112", "\"Resources\":{\"Reservations\":{\"MemoryBytes\":" + replica + "}},",
				node3("\"State\":\"ready\""), reserving(task("9", 3, "running"), other))
			.moves()).isEqualTo(moves);
	}

	@Test
	void aTaskThatHasEndedReservesNothing() {
		assertThat(plan("112", "\"Resources\":{\"Reservations\":{\"MemoryBytes\":400}},", node3("\"State\":\"ready\""),
				reserving(task("9", 3, "failed"), 700))
			.moves()).isEqualTo(1);
	}

	@Test
	void genericResourcesAreUnknown() {
		assertThat(plan("112",
				"\"Resources\":{\"Reservations\":{\"GenericResources\":[{\"DiscreteResourceSpec\":{\"Kind\":\"gpu\",\"Value\":1}}]}},")
			.obstacle()).contains("web: it is unknown which nodes have the generic resources that it reserves");
	}

	/**
	 * pi1 and pi2 are in zone a, pi3 in zone b; Swarm gives each zone half of the
	 * replicas.
	 */
	@ParameterizedTest
	@CsvSource({ "112333,0", "1233,0", "1112,1", "33312,1", "33332,2" })
	void swarmSpreadsOverZonesFirst(String replicas, int moves) {
		Spreading plan = plan(replicas,
				placement("\"Preferences\":[{\"Spread\":{\"SpreadDescriptor\":\"node.labels.zone\"}}]"));
		assertThat(plan.moves()).isEqualTo(moves);
	}

	@Test
	void globalServicesAndJobsHaveNoPlan() {
		assertThat(plans(ScriptedPis.service("1", "each", "\"Global\":{}", ""),
				ScriptedPis.service("2", "job", "\"ReplicatedJob\":{\"TotalCompletions\":5}", ""),
				task("1", 1, "running"), task("2", 1, "complete"), task("2", 1, "complete")))
			.isEqualTo(List.of());
	}

	@ParameterizedTest
	@CsvSource({ "updating,an update is in progress", "rollback_started,an update is in progress",
			"paused,the state of its last update is paused" })
	void aServiceInAnUpdateStaysAsItIs(String update, String reason) {
		Spreading plan = plans(web("", ",\"UpdateStatus\":{\"State\":\"" + update + "\"}", 3), task("1", 1, "running"),
				task("1", 1, "running"), task("1", 2, "running"))
			.get(0);
		assertThat(plan.moves()).isZero();
		assertThat(plan.obstacle()).contains("web: " + reason);
	}

	@Test
	void withoutTasksNothingIsKnown() {
		SwarmState state = SwarmState.parse("pi1",
				Fact.known(ScriptedPis.node(1) + "\nread node\n" + web("", "", 2) + "\nread service\n"));
		assertThat(Spreading.of(state)).isInstanceOf(Fact.Unknown.class);
	}

	private static Spreading plan(String replicas, String template) {
		return plan(replicas, template, node3("\"State\":\"ready\""));
	}

	private static Spreading plan(String replicas, String template, String node3, String... more) {
		List<String> lines = new ArrayList<>(List.of(more));
		lines.add(node3);
		lines.add(web(template, "", replicas.length()));
		replicas.chars().map((character) -> character - '0').forEach((node) -> lines.add(task("1", node, "running")));
		return plans(lines.toArray(String[]::new)).get(0);
	}

	private static List<Spreading> plans(String... lines) {
		List<String> all = new ArrayList<>(List.of(lines));
		all.add(machine(ScriptedPis.node(1, "\"Labels\":{\"zone\":\"a\",\"disk\":\"ssd\"}")));
		all.add(machine(ScriptedPis.node(2, "\"Labels\":{\"zone\":\"a\",\"disk\":\"ssd\"}")));
		if (all.stream().noneMatch((line) -> line.contains(ScriptedPi.id(3)) && line.startsWith("node"))) {
			all.add(node3("\"State\":\"ready\""));
		}
		String answer = String.join("\n", ScriptedPis.state(all.toArray(String[]::new)));
		return Spreading.of(SwarmState.parse("pi1", Fact.known(answer))).fold((plans) -> plans, (reason) -> {
			throw new AssertionError(reason);
		});
	}

	private static String node3(String change) {
		return machine(ScriptedPis.node(3, "\"Labels\":{\"zone\":\"b\"}", change));
	}

	private static String machine(String node) {
		return node.replace("\"Platform\":",
				"\"Resources\":{\"NanoCPUs\":4000000000,\"MemoryBytes\":1000},\"Platform\":");
	}

	private static String placement(String json) {
		return "\"Placement\":{" + json + "},";
	}

	private static String web(String template, String more, int replicas) {
		return ScriptedPis.service("1", "web", "\"Replicated\":{\"Replicas\":" + replicas + "}", more)
			.replace("\"TaskTemplate\":{", "\"TaskTemplate\":{" + template);
	}

	private static String task(String service, int node, String state) {
		return ScriptedPis.task(service, node, state);
	}

	private static String reserving(String task, long memory) {
		return task.replace("\"Status\":",
				"\"Spec\":{\"Resources\":{\"Reservations\":{\"MemoryBytes\":" + memory + "}}},\"Status\":");
	}

}

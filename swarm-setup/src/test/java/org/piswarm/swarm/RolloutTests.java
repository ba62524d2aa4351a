package org.piswarm.swarm;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.piswarm.swarm.docker.SwarmState;
import org.piswarm.swarm.docker.Task;
import org.piswarm.swarm.judge.Outcome;
import org.piswarm.swarm.judge.Rollout;
import org.piswarm.swarm.judge.Step;
import org.piswarm.swarm.judge.Step.State;
import org.piswarm.swarm.known.Fact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.piswarm.swarm.ScriptedPis.node;
import static org.piswarm.swarm.ScriptedPis.task;

/** What {@code swarm deploy} makes of a manager's answers. */
class RolloutTests {

	private static final String REPLICATED = "\"Replicated\":{\"Replicas\":2}";

	private static final String JOB = "\"ReplicatedJob\":{\"TotalCompletions\":2}";

	/** A service of the stack "kit". */
	private static String service(String number, String name, String mode, String image, String update) {
		return ScriptedPis
			.service(number, "kit_" + name, mode,
					update.isEmpty() ? ""
							: ",\"UpdateStatus\":{\"State\":\"%s\",\"StartedAt\":\"%s\"}"
								.formatted((Object[]) update.split(" ")))
			.replace("localhost/kit:1", image)
			.replace("\"Mode\"", "\"Labels\":{\"com.docker.stack.namespace\":\"kit\"},\"Mode\"");
	}

	private static SwarmState state(String... lines) {
		List<String> all = new ArrayList<>(List.of(lines));
		all.addAll(List.of(node(1), node(2), node(3)));
		return SwarmState.parse("pi1",
				Fact.known(String.join("\n", ScriptedPis.state(all.toArray(String[]::new))) + "\n"));
	}

	private static Rollout rollout(SwarmState before) {
		return known(Rollout.begin("kit", Set.of("web"), before));
	}

	private static <T> T known(Fact<T> fact) {
		return fact.fold((value) -> value, (reason) -> {
			throw new AssertionError(reason);
		});
	}

	private static Step step(SwarmState before, SwarmState now) {
		return known(rollout(before).steps(now)).get(0);
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', textBlock = """
			Replicated:Replicas:2;             running running;  CONVERGED; 2/2
			Replicated:Replicas:2;             running starting; OPEN;      1/2
			Replicated:Replicas:0;             ;                 CONVERGED; 0/0
			Global;                            running running;  CONVERGED; 2/2
			Global;                            ;                 CONVERGED; 0/0
			ReplicatedJob:TotalCompletions:2;  running complete; OPEN;      1/2
			ReplicatedJob:TotalCompletions:2;  complete complete;CONVERGED; 2/2
			GlobalJob;                         complete running; OPEN;      1/2
			GlobalJob;                         complete complete;CONVERGED; 2/2
			""")
	void eachModeConverges(String mode, String tasks, State state, String count) {
		String[] words = mode.split(":");
		String json = "\"" + words[0] + "\":{" + ((words.length == 1) ? "" : "\"" + words[1] + "\":" + words[2]) + "}";
		List<String> lines = new ArrayList<>(List.of(service("1", "web", json, "kit:1", "")));
		for (String task : (tasks == null) ? new String[0] : tasks.split(" ")) {
			lines.add(task("1", lines.size(), lines.size(), task, mode.contains("Job") ? "complete" : "running"));
		}
		Step step = step(state(), state(lines.toArray(String[]::new)));
		assertThat(step.state()).isEqualTo(state);
		assertThat(step.tasks()).isEqualTo(count);
	}

	@Test
	void aJobThatRunsAgainDoesNotCountItsFormerCompletions() {
		String job = service("1", "web", JOB, "kit:1", "").replace("service {",
				"service {\"JobStatus\":{\"JobIteration\":{\"Index\":1}},");
		assertThat(step(state(), state(job, task("1", 1, 1, "complete", "complete"))).tasks()).isEqualTo("0/2");
	}

	@ParameterizedTest
	@CsvSource({ "updating,OPEN,''", "rollback_started,OPEN,''",
			"paused,FAILED,Swarm has paused the update: replicas of both releases may run",
			"rollback_paused,FAILED,Swarm has paused the rollback: replicas of both releases may run",
			"rollback_completed,FAILED,Swarm rolled the release back; the previous one runs",
			"completed,CONVERGED,''" })
	void anUpdateDecides(String update, State state, String reason) {
		Step step = step(state(service("1", "web", REPLICATED, "kit:1", "rollback_completed 1")),
				state(service("1", "web", REPLICATED, "kit:2", update + " 2"), task("1", 1, 1, "running", "running"),
						task("1", 2, 2, "running", "running")));
		assertThat(step.state()).isEqualTo(state);
		assertThat(step.reason()).isEqualTo(reason);
	}

	@Test
	void anOldRollbackIsNotOneOfThisRelease() {
		SwarmState same = state(service("1", "web", REPLICATED, "kit:1", "rollback_completed 1"),
				task("1", 1, 1, "running", "running"), task("1", 2, 2, "running", "running"));
		assertThat(step(same, same).state()).isEqualTo(State.CONVERGED);
	}

	@Test
	void namesTheLatestTaskThatFailedSinceTheRelease() {
		String service = service("1", "web", REPLICATED, "kit:1", "");
		String old = failure(1, "2026-01-01T00:00:00Z");
		SwarmState now = state(service, old, failure(2, "2026-01-01T00:00:03Z"), failure(3, "2026-01-01T00:00:02Z"),
				failure(4, "2026-01-01T00:00:01Z"), task("1", 5, 1, "starting", "running"));
		Step step = step(state(service, old), now);
		assertThat(step.reason()).isEqualTo("its replicas fail again and again");
		assertThat(step.cause().map(Task::id)).contains("task100000000000000000002");
		assertThat(step(state(service, old, failure(2, "")), now).state()).isEqualTo(State.OPEN);
	}

	private static String failure(int number, String time) {
		return task("1", number, 1, "failed", "shutdown").replace("\"Status\":{",
				"\"Status\":{\"Timestamp\":\"" + time + "\",");
	}

	@Test
	void aTaskThatNoNodeCanTakeIsStuckAlsoInAnUpdate() {
		String pending = task("1", 1, 1, "pending", "running").replace("\"Status\":{",
				"\"Status\":{\"Err\":\"no suitable node\",");
		for (String update : List.of("", "updating 1")) {
			Step step = step(state(), state(service("1", "web", REPLICATED, "kit:1", update), pending));
			assertThat(step.state()).isEqualTo(State.STUCK);
			assertThat(step.cause().map(Task::error)).contains("no suitable node");
		}
	}

	@Test
	void aTaskThatIsNotStartedAgainIsStuck() {
		Step step = step(state(), state(service("1", "web", JOB, "kit:1", ""), task("1", 1, 1, "failed", "shutdown")));
		assertThat(step.state()).isEqualTo(State.STUCK);
		assertThat(step.reason()).isEqualTo("its tasks have ended, and its restart policy starts no others");
	}

	@Test
	void aServiceThatDoesNotExistHasNotConverged() {
		assertThat(step(state(), state()).state()).isEqualTo(State.STUCK);
	}

	@Test
	void aFailedQuestionIsNoAnswer() {
		SwarmState failed = SwarmState.unknown("no answer");
		assertThat(Rollout.begin("kit", Set.of("web"), failed)).isEqualTo(Fact.unknown("no answer"));
		assertThat(rollout(state()).steps(failed)).isEqualTo(Fact.unknown("no answer"));
		assertThat(new Outcome(rollout(state())).lines(failed)).isEqualTo(Fact.unknown("no answer"));
	}

	@Test
	void findsServicesThatLeftTheFile() {
		SwarmState before = state(service("1", "web", REPLICATED, "kit:1", ""),
				service("2", "old", REPLICATED, "kit:1", ""), ScriptedPis.service("3", "kit_other", REPLICATED, ""));
		assertThat(rollout(before).leftOut()).containsExactly("kit_old");
	}

	@Test
	void saysWhatRunsNowServiceByService() {
		Rollout rollout = known(Rollout.begin("kit", Set.of("a", "b", "c", "d", "e"),
				state(service("1", "a", REPLICATED, "kit:1", ""), service("2", "b", REPLICATED, "kit:1", ""),
						service("3", "c", REPLICATED, "kit:1", ""), service("4", "gone", REPLICATED, "kit:1", ""))));
		SwarmState now = state(service("1", "a", REPLICATED, "kit:2", "completed 2"),
				service("2", "b", REPLICATED, "kit:1", "rollback_completed 2"),
				service("3", "c", REPLICATED, "kit:1", ""), service("5", "d", JOB, "kit:1", ""),
				task("1", 1, 1, "running", "running"), task("1", 2, 2, "running", "running"));
		assertThat(known(new Outcome(rollout).lines(now))).containsExactly("kit_a: updated; 2 of 2 replicas run",
				"kit_b: rolled back to the previous release; 0 of 2 replicas run",
				"kit_c: unchanged; 0 of 2 replicas run", "kit_d: new; 0 of 2 tasks of the job have completed",
				"kit_e: does not exist", "kit_gone: was removed");
	}

}

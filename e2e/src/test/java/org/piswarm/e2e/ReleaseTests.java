package org.piswarm.e2e;

import java.time.Duration;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@Order(4)
@ExtendWith(WholeCluster.class)
class ReleaseTests {

	@Test
	void aNewReleaseLosesNoRequest() {
		Stack stack = Stack.withConsumerOn(Pi.MANAGER);
		String next = image(stack).endsWith(":" + Settings.FIRST) ? Settings.SECOND : Settings.FIRST;
		Stack.Counts before = Stack.counts(Pi.MANAGER);
		try (Load load = Load.on(Pi.ALL)) {
			long start = System.nanoTime();
			stack.updateImage("producer", next);
			assertThat(stack.updateState("producer")).isEqualTo("completed");
			Report.figure("Rolling update of 2 producers", Report.seconds(Duration.ofNanos(System.nanoTime() - start)));
			Load.Outcome outcome = load.end();
			Report.figure("Rolling update", outcome.summary());
			assertThat(outcome.failures()).isEmpty();
		}
		stack.assertNoPollFailedSince(before, Pi.MANAGER);
		assertThat(image(stack)).endsWith(":" + next);
	}

	@ParameterizedTest
	@ValueSource(strings = { Settings.NEVER_HEALTHY, Settings.CRASHING })
	void aBadReleaseIsRolledBack(String tag) {
		Stack stack = Stack.withConsumerOn(Pi.MANAGER);
		String good = image(stack);
		Stack.Counts before = Stack.counts(Pi.MANAGER);
		try (Load load = Load.on(Pi.ALL)) {
			long start = System.nanoTime();
			stack.update("producer", "--image %s/producer:%s".formatted(Settings.REGISTRY, tag));
			Wait.until("Swarm has rolled the release back", Duration.ofMinutes(5),
					() -> stack.updateState("producer").equals("rollback_completed"));
			stack.awaitReplicas();
			Report.figure("Bad release (" + tag + "): until it is rolled back",
					Report.seconds(Duration.ofNanos(System.nanoTime() - start)));
			Load.Outcome outcome = load.end();
			Report.figure("Bad release (" + tag + ")", outcome.summary());
			assertThat(outcome.failures()).isEmpty();
		}
		stack.assertNoPollFailedSince(before, Pi.MANAGER);
		assertThat(image(stack)).isEqualTo(good);
	}

	private static String image(Stack stack) {
		return Pi.MANAGER.run("docker service inspect --format '{{.Spec.TaskTemplate.ContainerSpec.Image}}' "
				+ stack.service("producer"));
	}

}

package org.piswarm.e2e;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(WholeCluster.class)
class ScaleTests {

	@Test
	void losesNoRequestAndNewReplicasGetTheirShare() {
		Stack stack = Stack.withConsumerOn(Pi.MANAGER);
		stack.scale("producer", 1);
		Stack.Counts before = Stack.counts(Pi.MANAGER);
		try (Load load = Load.on(Pi.ALL)) {
			stack.scale("producer", 4);
			Set<String> known = before.replicas().keySet();
			Duration heard = Wait.until("the consumer has heard two new replicas", Duration.ofMinutes(2),
					() -> newReplicas(known).size() >= 2);
			Report.figure("Scale 1→4: until the consumer has heard two new replicas", Report.seconds(heard));
			stack.scale("producer", 2);
			Load.Outcome outcome = load.outcome();
			Report.figure("Scale 1→4→2", outcome.summary());
			assertThat(outcome.failures()).isEmpty();
			assertThat(outcome.replicas()).hasSizeGreaterThanOrEqualTo(4);
		}
		Stack.Counts after = Stack.counts(Pi.MANAGER);
		Report.figure("Scale 1→4→2: failed polls", Integer.toString(after.failed() - before.failed()));
		assertThat(after.failed()).isEqualTo(before.failed());
		assertThat(after.invalid()).isEqualTo(before.invalid());
	}

	private static Set<String> newReplicas(Set<String> known) {
		return Stack.counts(Pi.MANAGER)
			.replicas()
			.keySet()
			.stream()
			.filter((replica) -> !known.contains(replica))
			.collect(Collectors.toSet());
	}

}

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
			// A connection lives a minute, and brings one of them at a time.
			Duration heard = Wait.until("the consumer has heard two new replicas", Duration.ofMinutes(5),
					() -> heardSince(before).size() >= 3);
			Report.figure("Scale 1→4: until the consumer has heard two new replicas", Report.seconds(heard));
			stack.scale("producer", 2);
			Load.Outcome outcome = load.end();
			Report.figure("Scale 1→4→2", outcome.summary());
			assertThat(outcome.failures()).isEmpty();
			assertThat(outcome.replicas()).hasSizeGreaterThanOrEqualTo(4);
		}
		Stack.Counts after = Stack.counts(Pi.MANAGER);
		Report.figure("Scale 1→4→2: failed polls", Integer.toString(after.failed() - before.failed()));
		assertThat(after.failed()).isEqualTo(before.failed());
		assertThat(after.invalid()).isEqualTo(before.invalid());
	}

	/** The replicas that the consumer heard since then: by slot, wherever it runs now. */
	private static Set<String> heardSince(Stack.Counts before) {
		return Stack.counts(Pi.MANAGER)
			.replicas()
			.entrySet()
			.stream()
			.filter((replica) -> replica.getValue() > before.replicas().getOrDefault(replica.getKey(), 0))
			.map((replica) -> replica.getKey().replaceFirst("@.*", ""))
			.collect(Collectors.toSet());
	}

}

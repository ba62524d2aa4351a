package org.piswarm.e2e;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

@Order(6)
@ExtendWith(WholeCluster.class)
class ScaleTests {

	@Test
	void losesNoRequestAndNewReplicasGetTheirShare() {
		Stack stack = Stack.withShortConnectionsOn(Pi.MANAGER);
		stack.scale("producer", 1);
		Stack.Counts before = Stack.counts(Pi.MANAGER);
		try (Load load = Load.on(Pi.ALL)) {
			stack.scale("producer", 4);
			Duration received = Wait.until("the consumer has received numbers from two new replicas",
					Duration.ofMinutes(2), () -> receivedFromSince(before).size() >= 3);
			Report.figure("Scale 1→4: until the consumer has received numbers from two new replicas",
					Report.seconds(received));
			stack.scale("producer", 2);
			Load.Outcome outcome = load.end();
			Report.figure("Scale 1→4→2", outcome.summary());
			assertThat(outcome.failures()).isEmpty();
			assertThat(outcome.replicas()).hasSizeGreaterThanOrEqualTo(4);
		}
		stack.assertNoPollFailedSince(before, Pi.MANAGER);
	}

	/** The replicas that have sent numbers since then: by slot, on any node. */
	private static Set<String> receivedFromSince(Stack.Counts before) {
		return Stack.counts(Pi.MANAGER)
			.replicas()
			.entrySet()
			.stream()
			.filter((replica) -> replica.getValue() > before.replicas().getOrDefault(replica.getKey(), 0))
			.map((replica) -> replica.getKey().replaceFirst("@.*", ""))
			.collect(Collectors.toSet());
	}

}

package org.piswarm.e2e;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

@Order(7)
@ExtendWith(WholeCluster.class)
class StackTests {

	@Test
	void everyNodeAnswersAndAllReplicasShareTheWork() {
		Stack stack = Stack.withShortConnectionsOn(Pi.MANAGER);
		Map<String, Integer> shares = new TreeMap<>();
		for (Pi pi : Pi.ALL) {
			for (int i = 0; i < 30; i++) {
				Http.Answer answer = Http.get(pi.producerUrl());
				assertThat(answer.isNumber()).as("%s: %s", pi.name(), answer).isTrue();
				shares.merge(answer.replica(), 1, Integer::sum);
			}
		}
		Report.figure("Stack: 90 requests by replica", shares.toString());
		assertThat(shares).hasSize(2).allSatisfy((replica, share) -> assertThat(share).isBetween(30, 60));

		// The two producers are on two nodes: the consumer reaches at least one of them
		// through the overlay.
		Wait.until("the consumer receives a number from another node", Duration.ofMinutes(1), () -> Stack
			.counts(Pi.MANAGER)
			.replicas()
			.keySet()
			.stream()
			.anyMatch((replica) -> stack.nodes("consumer").stream().noneMatch((pi) -> replica.endsWith("@" + pi))));
	}

	@Test
	void everyNodeShowsThePage() {
		Stack.withShortConnectionsOn(Pi.MANAGER);
		try (Page page = new Page()) {
			for (Pi pi : Pi.ALL) {
				page.open(pi.consumerUrl("/"));
				Wait.until("the page on %s shows a number".formatted(pi.name()), Duration.ofMinutes(1),
						page::showsANumber);
				assertThat(page.text("replica")).matches("producer-\\d");
				assertThat(page.text("node")).matches("pi[123]");
			}
		}
	}

	@Test
	void aConsumerAsksOnlyTheProducersOfItsOwnStack() {
		Stack.withShortConnectionsOn(Pi.MANAGER);
		try {
			deployOthers();
		}
		finally {
			Pi.MANAGER.run("docker stack rm others");
		}
	}

	private static void deployOthers() {
		Stack.deploy("others", Map.of("PRODUCER_PORT", "5001", "CONSUMER_PORT", "8081"),
				Stack.fileWithShortConnections().replace("producer-{{.Task.Slot}}", "other-{{.Task.Slot}}"));
		String others = "http://" + Pi.MANAGER.address() + ":8081/api/stats";
		int before = Stack.counts(Pi.MANAGER).received();
		Wait.until("the second consumer has received numbers from both of its producers", Duration.ofMinutes(2),
				() -> Stack.counts(others).replicas().size() >= 2);
		Map<String, Integer> replicas = Stack.counts(others).replicas();
		Report.figure("Two stacks: numbers of the second consumer, by replica", replicas.toString());
		assertThat(replicas.keySet()).allMatch((replica) -> replica.startsWith("other-"));
		assertThat(Stack.counts(Pi.MANAGER).received()).isGreaterThan(before);
		assertThat(Stack.counts(Pi.MANAGER).replicas().keySet()).allMatch((replica) -> replica.startsWith("producer-"));
	}

}

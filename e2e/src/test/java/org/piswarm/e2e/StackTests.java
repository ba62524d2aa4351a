package org.piswarm.e2e;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(WholeCluster.class)
class StackTests {

	@Test
	void everyNodeAnswersAndAllReplicasShareTheWork() {
		Stack.removeAll();
		long start = System.nanoTime();
		Stack stack = Stack.deploy("numbers", Map.of());
		Report.figure("Stack: from deploy to all replicas healthy",
				Report.seconds(Duration.ofNanos(System.nanoTime() - start)));

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

		// One of the producers at least is on another node than the consumer, so this
		// goes
		// through the overlay.
		String consumer = stack.nodes("consumer").get(0);
		Wait.until("the consumer hears a producer on another node", Duration.ofMinutes(3),
				() -> Stack.counts(Pi.MANAGER)
					.replicas()
					.keySet()
					.stream()
					.anyMatch((replica) -> !replica.endsWith("@" + consumer)));
	}

	@Test
	void twoStacksDoNotHearEachOther() {
		Stack.removeAll();
		Stack.deploy("one", Map.of());
		Stack.deploy("two", Map.of("PRODUCER_PORT", "5001", "CONSUMER_PORT", "8081"));
		String url = "http://" + Pi.MANAGER.address() + ":8081/api/stats";
		Stack other = new Stack("two");
		// From now on they would be told apart by their host names alone.
		other.update("producer", "--hostname other-{{.Task.Slot}}").orFail();
		Wait.until("both consumers have heard both of their producers", Duration.ofMinutes(4),
				() -> Stack.counts(Pi.MANAGER).replicas().size() >= 2 && heard(url, "other-").size() >= 2);
		// The consumer of the second stack has heard its own under their old names too,
		// but
		// does so no more.
		Map<String, Integer> before = heard(url, "producer-");
		int received = Stack.counts(url).received();
		Wait.until("the second consumer receives ten numbers", Duration.ofMinutes(1),
				() -> Stack.counts(url).received() >= received + 10);
		assertThat(heard(url, "producer-")).isEqualTo(before);
		assertThat(Stack.counts(Pi.MANAGER).replicas().keySet()).noneMatch((replica) -> replica.startsWith("other-"));
		Report.figure("Two stacks: replicas that the second consumer heard", heard(url, "other-").toString());
	}

	private static Map<String, Integer> heard(String url, String prefix) {
		return Stack.counts(url)
			.replicas()
			.entrySet()
			.stream()
			.filter((replica) -> replica.getKey().startsWith(prefix))
			.collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
	}

}

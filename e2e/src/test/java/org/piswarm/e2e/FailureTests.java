package org.piswarm.e2e;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Nodes that fail or are drained. The consumer is on a node that keeps running, so that
 * its counts cover the whole outage.
 */
@Order(5)
@TestMethodOrder(OrderAnnotation.class)
@ExtendWith(WholeCluster.class)
class FailureTests {

	/** Until Swarm declares a node down and has started its tasks elsewhere. */
	private static final Duration RESCHEDULING = Duration.ofMinutes(3);

	@Test
	void numbersKeepArrivingAfterAPowerCut() {
		Stack stack = Stack.withConsumerOn(Pi.MANAGER);
		Pi victim = producer(stack);
		try (Feed feed = Feed.of(Pi.MANAGER)) {
			Stack.Counts before = Stack.counts(Pi.MANAGER);
			victim.powerOff();
			Report.figure("Power cut: until all replicas run elsewhere",
					Report.seconds(untilReplicasRunWithout(stack, victim)));
			outage("Power cut", feed, before);

			victim.powerOn();
			Wait.until("the node is ready again", Duration.ofMinutes(2), () -> isReady(victim));
			isUsable(victim);
		}
	}

	@Test
	void aCableCutForAMinuteLeavesNoExtraReplica() {
		Stack stack = Stack.withConsumerOn(Pi.MANAGER);
		Pi victim = producer(stack);
		try (Feed feed = Feed.of(Pi.MANAGER)) {
			Stack.Counts before = Stack.counts(Pi.MANAGER);
			long start = System.nanoTime();
			victim.unplug();
			Report.figure("Cable cut: until all replicas run elsewhere",
					Report.seconds(untilReplicasRunWithout(stack, victim)));
			Wait.until("a minute has passed", Duration.ofMinutes(2),
					() -> System.nanoTime() - start > Duration.ofMinutes(1).toNanos());
			victim.replug();
			Duration back = Wait.until("the node is ready again", Duration.ofMinutes(2), () -> isReady(victim));
			Report.figure("Cable cut: from replugging to ready", Report.seconds(back));
			// The node kept its replicas running; Swarm ends them now.
			Wait.until("two producers run, on two nodes", Duration.ofMinutes(2),
					() -> containersOfProducers() == 2 && stack.nodes("producer").size() == 2);
			outage("Cable cut", feed, before);
			isUsable(victim);
		}
		assertThat(Stack.lines("docker service ps --filter desired-state=running --format '{{.CurrentState}}' "
				+ stack.service("producer")))
			.hasSize(2)
			.allMatch((state) -> state.startsWith("Running"));
	}

	// The last one, because it moves the consumer to another node.
	@Test
	@Order(Integer.MAX_VALUE)
	void pollingContinuesWhileTheManagerReboots() {
		Pi host = new Pi(2);
		Stack stack = Stack.withConsumerOn(host);
		Stack.Counts before = Stack.counts(host);
		try (Feed feed = Feed.of(host)) {
			long start = System.nanoTime();
			Pi.MANAGER.powerOff();
			Wait.until("polling continues", Duration.ofSeconds(60), () -> feed.size() >= 6);
			Pi.MANAGER.powerOn();
			Wait.until("all nodes are ready", Duration.ofMinutes(3),
					() -> Pi.ALL.stream().allMatch(FailureTests::isReady));
			Report.figure("Manager off and on: until all nodes are ready",
					Report.seconds(Duration.ofNanos(System.nanoTime() - start)));
			outage("Manager off and on", feed, before);
		}
		stack.awaitReplicas();
		isUsable(Pi.MANAGER);
	}

	@Test
	void aDrainedNodeMakesNoPollFail() {
		Stack stack = Stack.withConsumerOn(Pi.MANAGER);
		Pi victim = producer(stack);
		try (Feed feed = Feed.of(Pi.MANAGER)) {
			Stack.Counts before = Stack.counts(Pi.MANAGER);
			Pi.MANAGER.run("docker node update --availability drain " + victim.name());
			Report.figure("Drain: until all replicas run elsewhere",
					Report.seconds(untilReplicasRunWithout(stack, victim)));
			Pi.MANAGER.run("docker node update --availability active " + victim.name());
			stack.awaitReplicas();
			isUsable(victim);
			outage("Drain", feed, before);
			stack.assertNoPollFailedSince(before, Pi.MANAGER);
		}
	}

	/**
	 * Docker's engine answers the containers' questions for names, and can be busy for
	 * seconds. Here its answers are lost for longer than the consumer keeps an address
	 * without asking again.
	 */
	@Test
	void aSilentNameServerMakesNoPollFail() {
		Stack stack = Stack.withShortConnectionsOn(Pi.MANAGER);
		String rule = " INPUT --destination 127.0.0.11 --jump DROP";
		String inConsumer = "nsenter --net --target $(docker inspect --format '{{.State.Pid}}' "
				+ "$(docker ps --quiet --filter label=com.docker.swarm.service.name=%s)) iptables "
					.formatted(stack.service("consumer"));
		try (Feed feed = Feed.of(Pi.MANAGER)) {
			Stack.Counts before = Stack.counts(Pi.MANAGER);
			Pi.MANAGER.run(inConsumer + "--insert" + rule);
			try {
				int size = feed.size();
				Wait.until("the consumer has received ten numbers", Duration.ofSeconds(60),
						() -> feed.size() >= size + 10);
			}
			finally {
				Pi.MANAGER.run(inConsumer + "--delete" + rule);
			}
			stack.assertNoPollFailedSince(before, Pi.MANAGER);
		}
	}

	/** A worker that runs one of the two producers; the other one is on another node. */
	private static Pi producer(Stack stack) {
		List<String> nodes = stack.nodes("producer");
		assertThat(nodes).doesNotHaveDuplicates();
		return Pi.ALL.stream()
			.filter((pi) -> !pi.equals(Pi.MANAGER) && nodes.contains(pi.name()))
			.findFirst()
			.orElseThrow();
	}

	private static Duration untilReplicasRunWithout(Stack stack, Pi victim) {
		return Wait.until("two producers run, none of them on " + victim.name(), RESCHEDULING, () -> {
			List<String> nodes = stack.nodes("producer");
			return nodes.size() == 2 && !nodes.contains(victim.name());
		});
	}

	private static boolean isReady(Pi pi) {
		return Pi.MANAGER.run("docker node inspect --format '{{.Status.State}}' " + pi.name()).equals("ready");
	}

	private static long containersOfProducers() {
		return Pi.ALL.stream()
			.flatMap((pi) -> pi.run("docker ps --quiet --filter label=com.docker.swarm.service.name=numbers_producer")
				.lines())
			.filter((id) -> !id.isBlank())
			.count();
	}

	private static void outage(String what, Feed feed, Stack.Counts before) {
		// A gap is known only when the next number has arrived.
		int size = feed.size();
		Wait.until("numbers arrive", Duration.ofSeconds(30), () -> feed.size() > size + 1);
		Stack.Counts after = Stack.counts(Pi.ALL.stream().filter(Pi::answers).findFirst().orElseThrow());
		Report.figure(what + ": consumer",
				"longest gap %s, %d of %d polls failed, %d retries".formatted(Report.seconds(feed.longestGap()),
						after.failed() - before.failed(), after.polls() - before.polls(),
						after.retried() - before.retried()));
		// Two polls in a row may fail. More would mean that the consumer keeps trying the
		// replica that is gone.
		assertThat(feed.longestGap()).isLessThan(Duration.ofSeconds(12));
		assertThat(after.invalid()).isEqualTo(before.invalid());
		assertThat(after.errors()).isEqualTo(before.errors());
	}

	/** Checks that the node runs a task and forwards requests to the producers. */
	private static void isUsable(Pi pi) {
		try {
			Pi.MANAGER
				.run("docker service create --quiet --detach --no-resolve-image --mode replicated-job --name usable "
						+ "--restart-condition none --constraint node.hostname==%s --entrypoint bash %s/producer:%s -c true"
							.formatted(pi.name(), Settings.REGISTRY, Settings.FIRST));
			Wait.until(pi.name() + " has completed a job", Duration.ofMinutes(2),
					() -> Pi.MANAGER.run("docker service ps --format '{{.Node}} {{.CurrentState}}' usable")
						.startsWith(pi.name() + " Complete "));
		}
		finally {
			Pi.MANAGER.tryTo("docker service rm usable", "");
		}
		Wait.until(pi.name() + " forwards requests", Duration.ofSeconds(60),
				() -> Http.get(pi.producerUrl()).isNumber());
	}

}

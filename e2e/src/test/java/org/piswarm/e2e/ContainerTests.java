package org.piswarm.e2e;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/** The stack's containers, from inside. */
@Order(3)
@ExtendWith(WholeCluster.class)
class ContainerTests {

	private static final int HOSTILE_CONNECTIONS = 2000;

	@Test
	void haveNoPrivilegesAndAMemoryLimit() {
		Stack stack = Stack.withConsumerOn(Pi.MANAGER);
		for (String service : List.of("producer", "consumer")) {
			Container container = Container.of(stack, service);
			// In one shell: each docker exec takes seconds here.
			assertThat(container.shell("""
					while read -r key value; do
					  case $key in Uid:|CapEff:|CapBnd:) echo $key $value;; esac
					done </proc/1/status
					for path in / /tmp /app /var /etc; do
					  if (: >$path/file) 2>/dev/null; then echo "wrote to $path"; fi
					done
					read -r limit </sys/fs/cgroup/memory.max && echo "memory limit $limit"
					for file in /proc/net/tcp /proc/net/tcp6; do
					  while read -r _ local _ state _; do
					    case "$state $local" in
					      "0A 0B00007F:"*) ;; # Docker's own DNS, on 127.0.0.11
					      "0A "*) echo "listens on $((0x${local#*:}))" ;;
					    esac
					  done <$file
					done
					""").lines().distinct()).containsExactlyInAnyOrder("Uid: 10001 10001 10001 10001",
					"CapEff: 0000000000000000", "CapBnd: 0000000000000000", "memory limit " + 256 * 1024 * 1024,
					"listens on " + (service.equals("producer") ? 5000 : 8080));
			assertThat(container.node()
				.run("docker logs %s 2>&1 | grep -c 'through EpollServerSocketChannel'".formatted(container.id())))
				.isEqualTo("1");
			Report.figure("Container: memory of the " + service, (container.memory() / 1024 / 1024) + " MiB of 256");
		}
	}

	@Test
	void aConsumerThatRunsOutOfMemoryIsReplaced() {
		Stack stack = Stack.withConsumerOn(Pi.MANAGER);
		Container consumer = Container.of(stack, "consumer");
		// The kernel kills the process with the highest score once the shell has used up
		// the memory that is left.
		int shell = consumer.attempt("echo 1000 >/proc/1/oom_score_adj; x=0123456789; while :; do x=$x$x; done");
		// Docker's OOMKilled may be missing: containerd loses the event if the control
		// group is removed first.
		Wait.until("the kernel has killed the consumer (the shell ended with %d)".formatted(shell),
				Duration.ofSeconds(60),
				() -> consumer.node()
					.tryTo("dmesg | grep 'oom-kill:.*/docker-%s.scope,task=java,'".formatted(consumer.id()), "")
					.exitCode() == 0);
		Duration back = Wait.until("a new consumer receives numbers", Duration.ofMinutes(2),
				() -> !Container.of(stack, "consumer").id().equals(consumer.id())
						&& Stack.counts(Pi.MANAGER).received() > 0);
		Report.figure("Out of memory: until a new consumer receives numbers", Report.seconds(back));
	}

	@Test
	void aConsumerWithTooLittleMemoryDoesNotReplaceTheRunningOne() {
		Stack stack = Stack.withConsumerOn(Pi.MANAGER);
		Container running = Container.of(stack, "consumer");
		Stack.Counts before = Stack.counts(Pi.MANAGER);
		stack.update("consumer", "--limit-memory 48M --reserve-memory 48M");
		Wait.until("Swarm has rolled the limit back", Duration.ofMinutes(5),
				() -> stack.updateState("consumer").equals("rollback_completed"));
		assertThat(
				Pi.MANAGER.run("docker service inspect --format '{{.Spec.TaskTemplate.Resources.Limits.MemoryBytes}}' "
						+ stack.service("consumer")))
			.isEqualTo(Integer.toString(256 * 1024 * 1024));
		// The old consumer kept polling.
		assertThat(Container.of(stack, "consumer")).isEqualTo(running);
		assertThat(Stack.counts(Pi.MANAGER).received()).isGreaterThan(before.received());
	}

	@Test
	void hostileClientsDoNotMakeTheProducerUnhealthy() throws IOException {
		Stack stack = Stack.withConsumerOn(Pi.MANAGER);
		List<Container> producers = Container.allOf(stack, "producer");
		assertThat(producers).hasSize(2);
		Socket[] connections = new Socket[HOSTILE_CONNECTIONS];
		int cutOff = 0;
		int asked = 0;
		try {
			for (int i = 0; i < connections.length; i++) {
				connections[i] = connectWithHalfARequest(Pi.ALL.get(i % 3));
			}
			// As long as five health checks take.
			long end = System.nanoTime() + Duration.ofSeconds(25).toNanos();
			while (System.nanoTime() < end) {
				for (int i = 0; i < connections.length; i++) {
					if (!drip(connections[i])) {
						cutOff++;
						connections[i].close();
						connections[i] = connectWithHalfARequest(Pi.ALL.get(i % 3));
					}
				}
				assertThat(Http.get(Pi.MANAGER.producerUrl()).isNumber()).isTrue();
				asked++;
			}
			assertThat(cutOff).isPositive();
			for (Container producer : producers) {
				List<String> health = List.of(producer.node()
					.run("docker inspect --format '{{.State.Health.Status}}"
							+ "{{range .State.Health.Log}} {{.ExitCode}}{{end}}' " + producer.id())
					.split(" "));
				assertThat(health).hasSize(6).startsWith("healthy");
				// A busy node may answer one check too late. Docker allows two.
				assertThat(health).filteredOn("0"::equals).hasSizeGreaterThanOrEqualTo(4);
			}
			Report.figure("Hostile clients: %d connections".formatted(HOSTILE_CONNECTIONS),
					"both producers healthy, %d other requests answered, %d connections cut off, %d MiB"
						.formatted(asked, cutOff, producers.get(0).memory() / 1024 / 1024));
		}
		finally {
			for (Socket socket : connections) {
				if (socket != null) {
					socket.close();
				}
			}
		}
	}

	private static Socket connectWithHalfARequest(Pi pi) throws IOException {
		Socket socket = new Socket();
		socket.connect(new InetSocketAddress(pi.address(), 5000), 10_000);
		socket.getOutputStream().write("GET /number HTTP/1.1\r\nX-Slow: ".getBytes(StandardCharsets.US_ASCII));
		return socket;
	}

	/** Sends one more byte. False if the producer has closed the connection. */
	private static boolean drip(Socket socket) {
		try {
			socket.getOutputStream().write('x');
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

}

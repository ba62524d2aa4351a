package org.piswarm.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/** Class caches on a node that does nothing else: what they bring, and bad days. */
@Order(9)
@ExtendWith(WholeCluster.class)
class ClassCacheTests {

	private static final Pi NODE = new Pi(3);

	private static final String IMAGE = Settings.REGISTRY + "/producer:" + Settings.FIRST;

	private static final String DIRECTORY = "/var/lib/docker/volumes/pi-swarm-kit-classes/_data/";

	/** Goes on while lines arrive, as during a deploy. */
	private static final String TRAIN = "(while echo; do sleep 1; done) 2>/dev/null | sh /root/train.sh " + IMAGE;

	@BeforeEach
	void freeTheNode() throws IOException {
		Stack.removeAll();
		NODE.tryTo("cat >/root/train.sh",
				Files.readString(
						Settings.PROJECT.resolve("swarm-setup/src/main/resources/org/piswarm/swarm/ssh/train.sh")))
			.orFail();
	}

	@Test
	void containersStartEarlierWithOne() {
		List<Duration> without = new ArrayList<>();
		List<Duration> with = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			without.add(start("off", "Started ProducerApplication"));
			with.add(start("", "Starting with the class cache of this node"));
		}
		Report.figure("Container: from its start to healthy, without a class cache",
				Report.seconds(without.stream().sorted().toList().get(1)));
		Report.figure("Container: from its start to healthy, with a class cache",
				Report.seconds(with.stream().sorted().toList().get(1)));
	}

	/**
	 * Runs a container as those of the stack.
	 * @param setting of CLASS_CACHE
	 * @param line must be in its log
	 * @return from its start to its first good health check, as Docker has recorded it
	 */
	private static Duration start(String setting, String line) {
		String id = NODE.run("docker run --detach --read-only --cap-drop ALL --memory 256m --env CLASS_CACHE=" + setting
				+ " --volume pi-swarm-kit-classes:/app/cache:ro --health-cmd /app/health --health-interval 1s "
				+ IMAGE);
		try {
			Wait.until("it is healthy", Duration.ofMinutes(2),
					() -> NODE.run("docker inspect --format '{{.State.Health.Status}}' " + id).equals("healthy"));
			String state = NODE.run("docker inspect --format '{{json .State}}' " + id);
			List<String> healthy = JsonPath.read(state, "$.Health.Log[?(@.ExitCode == 0)].End");
			assertThat(NODE.run("docker logs " + id + " 2>&1")).contains(line);
			Report.figure(
					"Container: memory of the producer " + (setting.isEmpty() ? "with" : "without") + " a class cache",
					memory(new Container(NODE, id)));
			return Duration.between(Instant.parse(JsonPath.read(state, "$.StartedAt")),
					OffsetDateTime.parse(healthy.get(0)).toInstant());
		}
		finally {
			NODE.run("docker rm --force " + id);
		}
	}

	private static String memory(Container container) {
		Container.Memory memory = container.workingMemory();
		return "%d MiB, of which %d are anonymous".formatted(memory.all() >> 20, memory.anonymous() >> 20);
	}

	@Test
	void badDaysLeaveNoCacheThatIsNotComplete() {
		assertThat(NODE.run(TRAIN)).isEqualTo("present " + IMAGE);
		String id = NODE
			.run("docker image inspect --format '{{index .Config.Labels \"org.piswarm.libraries\"}}' " + IMAGE);
		NODE.run("mkdir /root/classes && mv " + DIRECTORY + id + ".* /root/classes");
		try {
			// The disk is full.
			NODE.run(
					"fallocate --length $(($(df --output=avail -B 1M /var/lib/docker | tail -n 1) - 150))M /root/full");
			assertThat(NODE.run(TRAIN))
				.containsPattern("^none " + IMAGE + " 1[0-9]{2} MiB of the disk are free, and 300 are needed$");
			NODE.run("rm /root/full");

			// Ctrl-C: the lines end.
			NODE.run("(timeout 12 sh -c 'while echo; do sleep 1; done') 2>/dev/null | sh /root/train.sh " + IMAGE
					+ " || true");
			assertThat(NODE.run("docker ps --all --quiet --filter name=pi-swarm-kit-training")).isEmpty();
			assertThat(NODE.run("ls -s " + DIRECTORY)).doesNotContain(".mark");

			// The power fails while the cache is made.
			NODE.run("(" + TRAIN + ") >/dev/null 2>&1 &");
			Wait.until("the classes are listed", Duration.ofMinutes(2),
					() -> NODE.run("ls " + DIRECTORY).contains(id + ".list"));
			NODE.powerOff();
			NODE.powerOn();
			assertThat(NODE.run(TRAIN)).containsPattern("^made " + IMAGE + " (9\\d|100) \\d+$");
			assertThat(NODE.run("ls " + DIRECTORY)).contains(id + ".mark").doesNotContain(".list", ".log");
			assertThat(start("", "Starting with the class cache of this node")).isPositive();

			// A block of the file is damaged.
			NODE.run("dd if=/dev/urandom of=" + DIRECTORY + id + ".jsa bs=4096 seek=5000 count=50 conv=notrunc 2>&1");
			assertThat(start("", "Started ProducerApplication")).isPositive();
		}
		finally {
			NODE.run("rm -f /root/full; docker rm --force pi-swarm-kit-training >/dev/null 2>&1; "
					+ "mv --force /root/classes/* " + DIRECTORY + "; rmdir /root/classes");
		}
	}

}

package org.piswarm.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

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

	private static final String MADE = "^made " + IMAGE + " (9\\d|100) \\d+$";

	private static final String USED = "Starting with the class cache of this node";

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
		List<Start> without = new ArrayList<>();
		List<Start> with = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			without.add(start("off"));
			with.add(start(""));
		}
		assertThat(with).allMatch((start) -> start.log().contains(USED));
		report("without a class cache", without);
		report("with a class cache", with);
	}

	private static void report(String how, List<Start> starts) {
		Start start = starts.stream().sorted(Comparator.comparing(Start::duration)).toList().get(1);
		Report.figure("Container: from its start to healthy, " + how, Report.seconds(start.duration()));
		Report.figure("Container: memory of the producer, " + how, "%d MiB, of which %d are anonymous"
			.formatted(start.memory().all() >> 20, start.memory().anonymous() >> 20));
	}

	/**
	 * A start of a container.
	 *
	 * @param duration from its start to its first good health check, as Docker has
	 * recorded it
	 */
	private record Start(Duration duration, String log, Container.Memory memory) {

	}

	/**
	 * Starts a container as those of the stack.
	 * @param setting of CLASS_CACHE
	 */
	private static Start start(String setting) {
		String id = NODE.run("docker run --detach --read-only --cap-drop ALL --memory 256m --env CLASS_CACHE=" + setting
				+ " --volume pi-swarm-kit-classes:/app/cache:ro --health-cmd /app/health --health-interval 1s "
				+ IMAGE);
		try {
			// Docker keeps the last five checks.
			AtomicReference<String> state = new AtomicReference<>("");
			Wait.until("it is healthy", Duration.ofMinutes(2), () -> {
				state.set(NODE.run("docker inspect --format '{{json .State}}' " + id));
				return JsonPath.read(state.get(), "$.Health.Status").equals("healthy");
			});
			List<String> healthy = JsonPath.read(state.get(), "$.Health.Log[?(@.ExitCode == 0)].End");
			return new Start(
					Duration.between(Instant.parse(JsonPath.read(state.get(), "$.StartedAt")),
							OffsetDateTime.parse(healthy.get(0)).toInstant()),
					NODE.run("docker logs " + id + " 2>&1"), new Container(NODE, id).workingMemory());
		}
		finally {
			NODE.run("docker rm --force " + id);
		}
	}

	@Test
	void badDaysLeaveNoCacheThatIsNotComplete() {
		assertThat(NODE.run(TRAIN)).isEqualTo("present " + IMAGE);
		String id = NODE
			.run("docker image inspect --format '{{index .Config.Labels \"org.piswarm.libraries\"}}' " + IMAGE)
			.substring("sha256:".length());
		// What stays of a file that no program of the image can delete is empty.
		String files = "find " + DIRECTORY + " -size +0 -name " + id + ".";
		NODE.run("mkdir /root/classes && mv " + DIRECTORY + id + ".* /root/classes");
		try {
			// The disk is full.
			NODE.run(
					"fallocate --length $(($(df --output=avail -B 1M /var/lib/docker | tail -n 1) - 150))M /root/full");
			assertThat(NODE.run(TRAIN))
				.containsPattern("^none " + IMAGE + " \\d+ MiB of the disk are free, and 300 are needed$");
			NODE.run("rm /root/full");

			// Ctrl-C: the lines end.
			NODE.run("(timeout 12 sh -c 'while echo; do sleep 1; done') 2>/dev/null | sh /root/train.sh " + IMAGE
					+ " || true");
			assertThat(NODE.run("docker ps --all --quiet --filter name=pi-swarm-kit-training")).isEmpty();
			assertThat(NODE.run(files + "mark")).isEmpty();

			// The power fails while the cache is made.
			NODE.run("(" + TRAIN + ") >/dev/null 2>&1 &");
			Wait.until("the classes are listed", Duration.ofMinutes(2), () -> !NODE.run(files + "list").isEmpty());
			NODE.powerOff();
			NODE.powerOn();
			assertThat(NODE.run(TRAIN)).containsPattern(MADE);
			assertThat(NODE.run(files + "'*'").lines()).containsExactlyInAnyOrder(DIRECTORY + id + ".jsa",
					DIRECTORY + id + ".mark");
			assertThat(start("").log()).contains(USED).doesNotContain("Checksum");

			// A block of the file is damaged.
			NODE.run("dd if=/dev/urandom of=" + DIRECTORY + id + ".jsa bs=4096 seek=5000 count=50 conv=notrunc 2>&1");
			assertThat(start("").log()).contains("Checksum verification failed", "Started ProducerApplication");
			assertThat(NODE.run(TRAIN)).containsPattern(MADE);
		}
		finally {
			NODE.run("rm -f /root/full; docker rm --force pi-swarm-kit-training >/dev/null 2>&1; "
					+ "mv --force /root/classes/* " + DIRECTORY + "; rmdir /root/classes");
		}
	}

}

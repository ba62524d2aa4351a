package org.piswarm.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.piswarm.testsupport.Browser;

import static org.assertj.core.api.Assertions.assertThat;

/** samples/dockercoins on the Swarm: the lesson's figures, its failures, its tutorial. */
@Order(8)
@TestMethodOrder(OrderAnnotation.class)
@ExtendWith(WholeCluster.class)
class DockerCoinsTests {

	private static final Path SAMPLE = Settings.PROJECT.resolve("samples/dockercoins");

	private static final String REDIS = Settings.REGISTRY + "/redis:debian";

	/** Long enough that a report more or less makes no difference. */
	private static final Duration MEASUREMENT = Duration.ofSeconds(20);

	@AfterAll
	static void removeAll() {
		Stack.removeAll();
		Pi.MANAGER.tryTo("docker volume rm coins_redis-data", "");
	}

	/** The stack with one worker and one rng, which runs. Keeps that of a test before. */
	private static Stack coins() {
		Stack stack = new Stack("coins");
		if (!Stack.lines("docker stack ls --format '{{.Name}}'").contains("coins")) {
			Stack.removeAll();
			Stack.deploy("coins", Map.of("REDIS_IMAGE", REDIS), read("stack.yml"));
		}
		scale(stack, 1, 1);
		Wait.until("hashes are made", Duration.ofMinutes(2), () -> speed(Duration.ofSeconds(3)) > 0);
		return stack;
	}

	private static String read(String file) {
		try {
			return Files.readString(SAMPLE.resolve(file));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void scale(Stack stack, int workers, int rngs) {
		Pi.MANAGER.run("docker service scale --detach %s=%d %s=%d".formatted(stack.service("worker"), workers,
				stack.service("rng"), rngs));
		stack.awaitReplicas();
	}

	/** The table of README, made by the command that it shows. */
	@Test
	@Order(1)
	void oneWorkerMakesThreeHashesPerSecondAndTheRngIsTheBottleneck() throws IOException {
		coins();
		String table = onLaptop((laptop) -> laptop.run("samples/dockercoins/lesson pi@pi1").orFail());
		System.out.println(table);
		// By the loop's 0.3 s at most 3.4, 6.7 and 16.7; by the rng's 0.1 s at most 10.
		double one = figure(table, 1, 1, 1);
		assertThat(one).isBetween(2.3, 3.5);
		assertThat(figure(table, 2, 1, 1)).isBetween(1.7 * one, 6.9);
		assertThat(figure(table, 5, 1, 1)).isBetween(7.5, 10.3);
		// More hashers change nothing.
		assertThat(figure(table, 5, 2, 1)).isBetween(7.5, 10.3);
		assertThat(figure(table, 5, 1, 2)).isBetween(11.0, 17.0);
	}

	private static double figure(String table, int workers, int hashers, int rngs) {
		String row = "| %d | %d | %d | ".formatted(workers, hashers, rngs);
		double speed = table.lines()
			.filter((line) -> line.startsWith(row))
			.mapToDouble((line) -> Double.parseDouble(line.substring(row.length()).replace(" |", "")))
			.findFirst()
			.orElseThrow();
		Report.figure("DockerCoins: %d workers, %d hashers, %d rng".formatted(workers, hashers, rngs),
				"%.1f hashes/s".formatted(speed));
		return speed;
	}

	private static <T> T onLaptop(Visit<T> visit) throws IOException {
		// As swarm up does.
		Pi.MANAGER.run("usermod --append --groups docker pi");
		try (Laptop laptop = new Laptop()) {
			return visit.at(laptop);
		}
	}

	/** What is done on a laptop. */
	private interface Visit<T> {

		T at(Laptop laptop) throws IOException;

	}

	private static double speed(Duration time) {
		String before = json("/json");
		double end = JsonPath.<Number>read(before, "$.now").doubleValue() + time.toSeconds();
		Wait.until("time has passed", time.plusSeconds(20),
				() -> JsonPath.<Number>read(json("/json"), "$.now").doubleValue() >= end);
		String after = json("/json");
		return (hashes(after) - hashes(before)) / (JsonPath.<Number>read(after, "$.now").doubleValue()
				- JsonPath.<Number>read(before, "$.now").doubleValue());
	}

	private static String json(String path) {
		return Http.get("http://" + Pi.MANAGER.address() + ":8000" + path).body();
	}

	private static long hashes(String json) {
		return JsonPath.<Number>read(json, "$.hashes").longValue();
	}

	private static long hashes() {
		return hashes(json("/json"));
	}

	@Test
	@Order(2)
	void theTutorialIsRight() throws IOException {
		coins();
		int commands = onLaptop((laptop) -> new Tutorial(laptop).follow(SAMPLE.resolve("tutorial.md")));
		assertThat(commands).isGreaterThan(10);
	}

	@Test
	@Order(3)
	void redisIsKilledAndKeepsItsData() {
		Stack stack = coins();
		try (Browser browser = new Browser(Settings.NETWORK + ".*")) {
			browser.open("http://" + Pi.MANAGER.address() + ":8000/");
			Wait.until("the page shows hashes", Duration.ofSeconds(60), () -> state(browser).equals("mining"));
			long missing = missing();
			long before = hashes();
			long start = System.nanoTime();
			Pi.MANAGER.run("docker kill " + containers(stack, "redis"));
			Wait.until("the page says it", Duration.ofSeconds(20), () -> state(browser).equals("redis"));
			assertThat(browser.text("state-reason")).startsWith("redis: ");
			Wait.until("hashes are made again", Duration.ofMinutes(2), () -> hashes() > before + 10);
			Report.figure("DockerCoins: Redis killed, until hashes are made again",
					Report.seconds(Duration.ofNanos(System.nanoTime() - start)));
			// At most a second of counts, which are not repeated, and those not reported
			// yet.
			assertThat(missing() - missing).isBetween(-4L, 4L + 4);
			Wait.until("the page shows hashes", Duration.ofSeconds(60), () -> state(browser).equals("mining"));
			assertThat(browser.texts("#events .kind")).doesNotContain("data lost");
		}
	}

	/** Loops of the only worker that are not in Redis. */
	private static long missing() {
		Stack stack = new Stack("coins");
		String metrics = Pi.ALL.stream()
			.map((pi) -> pi.tryTo("docker exec %s bash -c '%s'".formatted(containers(stack, "worker"),
					"exec 3<>/dev/tcp/127.0.0.1/80; printf \"GET /actuator/prometheus HTTP/1.0\\r\\n\\r\\n\" >&3; cat <&3"),
					"")
				.output())
			.filter((output) -> output.contains("worker_loops_total{"))
			.findFirst()
			.orElseThrow();
		long loops = metrics.lines()
			.filter((line) -> line.startsWith("worker_loops_total{"))
			.mapToLong((line) -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ')).strip()))
			.sum();
		return loops - hashes();
	}

	/** As a part of a line of shell on the node of a container. */
	private static String containers(Stack stack, String service) {
		return "$(docker ps --quiet --filter label=com.docker.swarm.service.name=%s)".formatted(stack.service(service));
	}

	private static String state(Browser browser) {
		return browser.run("return document.body.dataset.state");
	}

	@Test
	@Order(4)
	void withoutAVolumeTheDataIsLost() {
		Pi.MANAGER.run("docker service create --quiet --detach --no-resolve-image --name forgetful "
				+ "--constraint node.hostname==%s %s redis-server".formatted(Pi.MANAGER.name(), REDIS));
		try {
			String cli = "docker exec $(docker ps --quiet --filter label=com.docker.swarm.service.name=forgetful) redis-cli -e ";
			Wait.until("Redis answers", Duration.ofMinutes(1),
					() -> Pi.MANAGER.run(cli + "incrby hashes 33").equals("33"));
			Pi.MANAGER.run("docker kill $(docker ps --quiet --filter label=com.docker.swarm.service.name=forgetful)");
			Wait.until("Redis answers again, without its data", Duration.ofMinutes(1),
					() -> Pi.MANAGER.run(cli + "exists hashes").equals("0"));
		}
		finally {
			Pi.MANAGER.tryTo("docker service rm forgetful", "");
		}
	}

	@Test
	@Order(5)
	void anRngThatIsCutOffIsNamed() {
		Stack stack = coins();
		try (Browser browser = new Browser(Settings.NETWORK + ".*")) {
			browser.open("http://" + Pi.MANAGER.address() + ":8000/");
			stack.scale("rng", 0);
			Wait.until("the page names rng", Duration.ofMinutes(1), () -> state(browser).equals("stalled")
					&& browser.text("state-reason").matches("rng: .+ \\(worker on worker-\\d\\)"));
			stack.scale("rng", 1);
			Report.figure("DockerCoins: rng is back, until hashes are made", Report
				.seconds(Wait.until("hashes are made", Duration.ofMinutes(1), () -> state(browser).equals("mining"))));
		}
	}

	@Test
	@Order(6)
	void runsNextToTheNumbers() {
		coins();
		Stack.deploy("numbers", Map.of(), Stack.file());
		Wait.until("numbers arrive", Duration.ofMinutes(1), () -> Stack.counts(Pi.MANAGER).received() >= 2);
		assertThat(Stack.counts(Pi.MANAGER).replicas().keySet()).allMatch((replica) -> replica.startsWith("producer-"));
		assertThat(Http.get("http://" + Pi.MANAGER.address() + ":8001/").body()).startsWith("rng runs on rng-1");
		assertThat(speed(Duration.ofSeconds(10))).isPositive();
	}

	@Test
	@Order(7)
	void aWorkersNodeIsLost() {
		Stack stack = coins();
		scale(stack, 3, 1);
		Pi victim = Pi.ALL.stream()
			.filter((pi) -> !pi.equals(Pi.MANAGER) && stack.nodes("worker").contains(pi.name()))
			.findFirst()
			.orElseThrow();
		long start = System.nanoTime();
		victim.powerOff();
		Wait.until("three workers run, none on " + victim.name(), Duration.ofMinutes(4), () -> {
			List<String> nodes = stack.nodes("worker");
			return nodes.size() == 3 && !nodes.contains(victim.name());
		});
		Wait.until("hashes are made", Duration.ofMinutes(2), () -> speed(Duration.ofSeconds(5)) > 5);
		Report.figure("DockerCoins: a worker's node lost, until all work again",
				Report.seconds(Duration.ofNanos(System.nanoTime() - start)));
		assertThat(speed(MEASUREMENT)).isLessThan(10.3);
		victim.powerOn();
	}

	/** The last one, because it changes the stack. */
	@Test
	@Order(8)
	void rngRunsOnceOnEachNode() {
		Stack stack = coins();
		for (String file : List.of("stack.yml", "stack+rng-everywhere.yml")) {
			Pi.MANAGER.tryTo("cat >/root/coins-" + file, read(file)).orFail();
		}
		Pi.MANAGER
			.run(("cd /root && REGISTRY=%s TAG=%s REDIS_IMAGE=%s RNG_URL=http://rng-everywhere docker stack deploy "
					+ "--detach=true --resolve-image never -c coins-stack.yml -c coins-stack+rng-everywhere.yml coins")
				.formatted(Settings.REGISTRY, Settings.FIRST, REDIS));
		stack.awaitReplicas();
		assertThat(stack.nodes("rng-everywhere")).containsExactlyInAnyOrder("pi1", "pi2", "pi3");
		stack.scale("worker", 5);
		double speed = speed(MEASUREMENT);
		Report.figure("DockerCoins: 5 workers, rng on each node", "%.1f hashes/s".formatted(speed));
		assertThat(speed).isBetween(11.0, 17.0);
	}

}

package org.piswarm.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

	/** As `swarm deploy` names it. */
	private static final Stack STACK = new Stack("dockercoins");

	private static final String REDIS = Settings.REGISTRY + "/redis:debian";

	/** Long enough that a report more or less makes no difference. */
	private static final Duration MEASUREMENT = Duration.ofSeconds(20);

	private static final Pi PI3 = new Pi(3);

	@AfterAll
	static void removeAll() {
		Stack.removeAll();
		Pi.MANAGER.tryTo("docker volume rm dockercoins_redis-data", "");
	}

	/** The stack with one replica of each service. Keeps that of a test before. */
	private static void coins() {
		if (!Stack.lines("docker stack ls --format '{{.Name}}'").contains(STACK.name())) {
			deploy(read("stack.yml"));
		}
		scale(1, 1);
		awaitSpeed(0);
	}

	private static void deploy(String file) {
		Stack.removeAll();
		Stack.deploy(STACK.name(), Map.of("REDIS_IMAGE", REDIS), file);
	}

	private static String read(String file) {
		try {
			return Files.readString(SAMPLE.resolve(file));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * stack.yml, of which pi3 gets only the replicas of one service.
	 * @param alone whether this service runs nowhere else
	 */
	private static String withOnPi3(String service, boolean alone) {
		String file = replace(read("stack.yml"), "(x-deploy:.*?\n  placement:\n)",
				"$1    constraints: [node.hostname != pi3]\n");
		file = replace(file, "(\n  " + service + ":\n.*?\n    deploy:)( \\*deploy|\n      <<: \\*deploy)\n",
				"$1\n      <<: *deploy\n      placement: {%s}\n"
					.formatted(alone ? "constraints: [node.hostname == pi3]" : ""));
		return file;
	}

	private static String replace(String text, String pattern, String by) {
		Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(text);
		assertThat(matcher.find()).as(pattern).isTrue();
		return matcher.replaceFirst(by);
	}

	private static void scale(int workers, int rngs) {
		Pi.MANAGER.run("docker service scale --detach %s=%d %s=1 %s=%d".formatted(STACK.service("worker"), workers,
				STACK.service("hasher"), STACK.service("rng"), rngs));
		STACK.awaitReplicas();
	}

	/** Until then, JVMs that have just started are slow. */
	private static void awaitSpeed(double more) {
		Wait.until("more than %.0f hashes per second are made".formatted(more), Duration.ofMinutes(3),
				() -> speed(Duration.ofSeconds(3)) > more);
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

	/** What the tutorial shows, with limits for its figures. */
	@Test
	@Order(3)
	void theRngIsSlowAndTheHasherIsNot() throws IOException {
		coins();
		scale(5, 1);
		awaitSpeed(7);
		onLaptop((laptop) -> {
			Wait.until("rng answers slowly, and hasher fast", Duration.ofMinutes(3),
					() -> latency(laptop, "rng", 8001) >= 200 && latency(laptop, "hasher", 8002) <= 150);
			scale(0, 1);
			assertThat(requests(laptop, "-c 1", "http://pi1:8001/32")).isBetween(5.0, 10.3);
			assertThat(requests(laptop, "-c 10", "http://pi1:8001/32")).isBetween(5.0, 10.3);
			assertThat(requests(laptop, "-c 10 -s samples/dockercoins/hasher.lua", "http://pi1:8002/"))
				.isGreaterThan(50);
			return true;
		});
	}

	private static int latency(Laptop laptop, String service, int port) {
		String answer = laptop.run("samples/dockercoins/latency http://pi1:" + port).orFail();
		Report.figure("DockerCoins: 5 workers, latency of " + service, answer);
		return Integer.parseInt(answer.split(" ")[0]);
	}

	private static double requests(Laptop laptop, String options, String url) {
		String answer = laptop.run("wrk -t 1 -d 5s %s %s".formatted(options, url)).orFail();
		double speed = answer.lines()
			.filter((line) -> line.startsWith("Requests/sec:"))
			.mapToDouble((line) -> Double.parseDouble(line.split(":")[1].strip()))
			.findFirst()
			.orElseThrow();
		Report.figure("DockerCoins: wrk %s %s".formatted(options, url), "%.1f requests/s".formatted(speed));
		return speed;
	}

	@Test
	@Order(4)
	void redisIsKilledAndKeepsItsData() {
		coins();
		try (Browser browser = page()) {
			long missing = missing();
			awaitMining(browser);
			long before = hashes();
			long start = System.nanoTime();
			Pi.MANAGER.run("docker kill " + Containers.of(STACK.service("redis")));
			Wait.until("the page says it", Duration.ofSeconds(20),
					() -> state(browser).equals("redis") && browser.text("state-reason").startsWith("redis: "));
			Wait.until("hashes are made again", Duration.ofMinutes(2), () -> hashes() > before + 10);
			Report.figure("DockerCoins: Redis killed, until hashes are made again",
					Report.seconds(Duration.ofNanos(System.nanoTime() - start)));
			// At most a second of counts is lost, and none is repeated.
			assertThat(missing() - missing).isBetween(0L, 4L);
			awaitMining(browser);
			assertThat(browser.texts("#events .kind")).doesNotContain("data lost");
		}
	}

	private static Browser page() {
		Browser browser = new Browser(Settings.NETWORK + ".*");
		try {
			browser.open("http://" + Pi.MANAGER.address() + ":8000/");
			awaitMining(browser);
			return browser;
		}
		catch (RuntimeException | Error ex) {
			browser.close();
			throw ex;
		}
	}

	private static String state(Browser browser) {
		return browser.run("return document.body.dataset.state");
	}

	private static Duration awaitMining(Browser browser) {
		return Wait.until("the page shows new hashes", Duration.ofMinutes(3), () -> state(browser).equals("mining"));
	}

	private static void awaitFailureOfRng(Browser browser) {
		Wait.until("the page names rng", Duration.ofMinutes(2), () -> state(browser).equals("stalled")
				&& browser.text("state-reason").matches("rng: .+ \\(worker on worker-\\d\\)"));
	}

	/** How often each worker on a node has looped, and what Redis knew just before. */
	private static List<Counts> counts(String node) {
		List<Counts> counts = Containers.inside(Pi.named(node), STACK.service("worker"), """
				exec 3<>/dev/tcp/redis/6379
				printf 'GET hashes\\r\\n' >&3
				read -r -t 5 _ <&3 && read -r -t 5 hashes <&3
				exec 3<>/dev/tcp/127.0.0.1/80
				printf 'GET /actuator/prometheus HTTP/1.1\\r\\nHost: worker\\r\\nConnection: close\\r\\n\\r\\n' >&3
				while read -r name value; do [[ $name != worker_loops_total* ]] || loops=${value%.*}; done <&3
				echo "counts $loops ${hashes%$'\\r'}"
				""").map(Counts::of).flatMap(Optional::stream).toList();
		assertThat(counts).as("counts of the worker on " + node).isNotEmpty();
		return counts;
	}

	/** The loops of one worker, and the hashes of all. */
	private record Counts(long loops, long hashes) {

		private static final Pattern LINE = Pattern.compile("counts (\\d+) (\\d+)");

		static Optional<Counts> of(String line) {
			Matcher matcher = LINE.matcher(line);
			return matcher.matches()
					? Optional.of(new Counts(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
					: Optional.empty();
		}

	}

	/**
	 * How many loops of the only worker Redis does not have. Without rng, the worker
	 * makes no loops and has reported all of them, so that the number is exact.
	 */
	private static long missing() {
		STACK.scale("rng", 0);
		awaitSameHashes(Duration.ofSeconds(15));
		Counts counts = counts(STACK.nodes("worker").get(0)).get(0);
		STACK.scale("rng", 1);
		return counts.loops - counts.hashes;
	}

	/** The command of Redis in stack.yml, with and without what keeps its data. */
	@Test
	@Order(5)
	void withoutTheVolumeOrTheConstraintTheDataIsLost() {
		redis("forgetful", "");
		try {
			Containers.kill("forgetful");
			awaitInRedis(Pi.MANAGER, "forgetful", "exists hashes", "0");
		}
		finally {
			Pi.MANAGER.tryTo("docker service rm forgetful", "");
		}
		redis("keeping", "--mount type=volume,source=kept,target=/data");
		try {
			Containers.kill("keeping");
			awaitInRedis(Pi.MANAGER, "keeping", "get hashes", "33");
			Pi.MANAGER
				.run("docker service update --quiet --detach --no-resolve-image --constraint-rm node.hostname==%s "
					.formatted(Pi.MANAGER.name()) + "--constraint-add node.hostname==%s keeping".formatted(PI3.name()));
			awaitInRedis(PI3, "keeping", "exists hashes", "0");
		}
		finally {
			Pi.MANAGER.tryTo("docker service rm keeping", "");
			for (Pi pi : List.of(Pi.MANAGER, PI3)) {
				Wait.until("the volume is deleted", Duration.ofMinutes(1),
						() -> pi.tryTo("docker volume rm --force kept", "").exitCode() == 0);
			}
		}
	}

	/** Starts a Redis on the manager that has a key. */
	private static void redis(String service, String options) {
		Pi.MANAGER
			.run("docker service create --quiet --detach --no-resolve-image --name %s --constraint node.hostname==%s "
				.formatted(service, Pi.MANAGER.name())
					+ "%s %s redis-server --appendonly yes --save '' --protected-mode no".formatted(options, REDIS));
		awaitInRedis(Pi.MANAGER, service, "set hashes 33", "OK");
	}

	private static void awaitInRedis(Pi pi, String service, String command, String answer) {
		Wait.until("Redis answers '%s' with '%s'".formatted(command, answer), Duration.ofMinutes(2),
				() -> pi.run("docker exec %s redis-cli -e %s".formatted(Containers.of(service), command))
					.equals(answer));
	}

	/** Swarm cannot start it elsewhere, so nothing but the cable brings it back. */
	@Test
	@Order(6)
	void anRngThatIsCutOffIsNamed() {
		deploy(withOnPi3("rng", true));
		awaitSpeed(0);
		try (Browser browser = page()) {
			long missing = missing();
			awaitMining(browser);
			PI3.unplug();
			awaitFailureOfRng(browser);
			PI3.replug();
			Report.figure("DockerCoins: rng is reachable again, until hashes are made",
					Report.seconds(awaitMining(browser)));
			// Nothing is lost, and nothing is repeated.
			assertThat(missing()).isEqualTo(missing);
		}
		finally {
			PI3.replug();
		}
		Stack.removeAll();
	}

	@Test
	@Order(7)
	void runsNextToTheNumbers() {
		coins();
		Stack.deploy("numbers", Map.of(), Stack.file());
		Wait.until("numbers arrive", Duration.ofMinutes(1), () -> Stack.counts(Pi.MANAGER).received() >= 2);
		assertThat(Stack.counts(Pi.MANAGER).replicas().keySet()).allMatch((replica) -> replica.startsWith("producer-"));
		awaitSpeed(2);
		Pi.MANAGER.run("docker stack rm numbers");
	}

	/** Both have an rng, a hasher and a Redis of the same names. */
	@Test
	@Order(8)
	void eachOfTwoStacksFindsItsOwnServices() {
		coins();
		Stack other = Stack.deploy("other",
				Map.of("REDIS_IMAGE", REDIS, "WEBUI_PORT", "8010", "RNG_PORT", "8011", "HASHER_PORT", "8012"),
				read("stack.yml").replace("hostname: \"rng-", "hostname: \"other-rng-"));
		Wait.until("both make hashes", Duration.ofMinutes(3),
				() -> hashes(Http.get("http://" + PI3.address() + ":8010/json").body()) > 0);
		awaitSpeed(0);
		String ask = """
				for _ in 1 2 3 4 5; do
				  exec 3<>/dev/tcp/rng/80
				  printf 'GET / HTTP/1.1\\r\\nHost: rng\\r\\nConnection: close\\r\\n\\r\\n' >&3
				  while read -r line; do [[ $line != *' runs on '* ]] || echo "$line"; done <&3
				done
				""";
		assertThat(Containers.inside(STACK, "worker", ask)).hasSize(5).containsOnly("rng runs on rng-1");
		assertThat(Containers.inside(other, "worker", ask)).hasSize(5).containsOnly("rng runs on other-rng-1");
		Stack.removeAll();
	}

	/**
	 * From here on, the counts begin at 0, so that they can be compared with all loops.
	 */
	@Test
	@Order(9)
	void aWorkersNodeIsLost() {
		Stack.removeAll();
		Wait.until("the data is deleted", Duration.ofMinutes(1),
				() -> Pi.MANAGER.tryTo("docker volume rm --force dockercoins_redis-data", "").exitCode() == 0);
		deploy(withOnPi3("worker", false));
		scale(3, 1);
		assertThat(STACK.nodes("worker")).contains(PI3.name());
		awaitSpeed(5);
		try (Browser browser = page()) {
			long start = System.nanoTime();
			long lost = counts(PI3.name()).get(0).loops;
			PI3.powerOff();
			// A loop takes 0.3 s at least.
			long mostLost = lost + Duration.ofNanos(System.nanoTime() - start).toMillis() / 300 + 1;
			Wait.until("three workers run, none on pi3", Duration.ofMinutes(4), () -> {
				List<String> nodes = STACK.nodes("worker");
				return nodes.size() == 3 && !nodes.contains(PI3.name());
			});
			awaitSpeed(5);
			Report.figure("DockerCoins: a worker's node lost, until all work again",
					Report.seconds(Duration.ofNanos(System.nanoTime() - start)));
			assertThat(speed(MEASUREMENT)).isLessThan(10.3);
			awaitMining(browser);
			assertThat(browser.texts("#events .kind")).doesNotContain("data lost");

			// Without rng, the workers report what they have counted. For Docker, the
			// task of the lost node still runs, so the stack does not converge.
			Pi.MANAGER.run("docker service scale --detach %s=0".formatted(STACK.service("rng")));
			awaitFailureOfRng(browser);
			awaitSameHashes(Duration.ofSeconds(15));
			List<Counts> others = STACK.nodes("worker")
				.stream()
				.distinct()
				.flatMap((node) -> counts(node).stream())
				.toList();
			assertThat(others).hasSize(3);
			long ofTheLost = others.get(0).hashes - others.stream().mapToLong(Counts::loops).sum();
			// At most the counts of its last second are lost, and none is repeated.
			assertThat(ofTheLost)
				.as("hashes of the lost worker; all tasks: " + Stack
					.lines("docker service ps --format '{{.Name}} {{.CurrentState}}' " + STACK.service("worker")))
				.isBetween(lost - 4, mostLost);
		}
		finally {
			PI3.powerOn();
		}
		Stack.removeAll();
	}

	private static void awaitSameHashes(Duration time) {
		AtomicLong last = new AtomicLong(-1);
		AtomicLong since = new AtomicLong();
		Wait.until("all have reported", Duration.ofMinutes(2), () -> {
			long now = hashes();
			if (last.getAndSet(now) != now) {
				since.set(System.nanoTime());
			}
			return System.nanoTime() - since.get() > time.toNanos();
		});
	}

	/** The last one, because it changes the stack. */
	@Test
	@Order(10)
	void rngRunsOnceOnEachNode() {
		coins();
		for (String file : List.of("stack.yml", "stack+rng-everywhere.yml")) {
			Pi.MANAGER.tryTo("cat >/root/coins-" + file, read(file)).orFail();
		}
		Pi.MANAGER
			.run(("cd /root && REGISTRY=%s TAG=%s REDIS_IMAGE=%s RNG_URL=http://rng-everywhere docker stack deploy "
					+ "--detach=true --resolve-image never -c coins-stack.yml -c coins-stack+rng-everywhere.yml %s")
				.formatted(Settings.REGISTRY, Settings.FIRST, REDIS, STACK.name()));
		STACK.awaitReplicas();
		assertThat(STACK.nodes("rng-everywhere")).containsExactlyInAnyOrder("pi1", "pi2", "pi3");
		scale(5, 1);
		// Above what one rng allows: the workers use the others. JVMs that have just
		// started are slow, and in a short time the speed may be higher by chance.
		Wait.until("more than 10.5 hashes per second are made", Duration.ofMinutes(3), () -> speed(MEASUREMENT) > 10.5);
		double speed = speed(MEASUREMENT);
		Report.figure("DockerCoins: 5 workers, rng on each node", "%.1f hashes/s".formatted(speed));
		assertThat(speed).isBetween(11.0, 17.0);
	}

}

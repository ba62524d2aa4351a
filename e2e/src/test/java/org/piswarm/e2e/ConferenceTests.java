package org.piswarm.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.piswarm.testsupport.ConferenceOperations;
import org.piswarm.testsupport.ConferenceOperations.Known;
import org.piswarm.testsupport.JsonClient;
import org.piswarm.testsupport.JsonClient.Answer;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * samples/conference on the Swarm: what its clients see, what remains after failures, and
 * all samples next to each other.
 */
@Order(9)
@TestMethodOrder(OrderAnnotation.class)
@ExtendWith(WholeCluster.class)
class ConferenceTests {

	private static final Path SAMPLES = Settings.PROJECT.resolve("samples");

	/** As `swarm deploy` names it. */
	private static final Stack STACK = new Stack("conference");

	private static final Map<String, String> IMAGES = Map.of("REDIS_IMAGE", Settings.REGISTRY + "/redis:debian",
			"POSTGRES_IMAGE", Settings.REGISTRY + "/postgres:debian");

	/** How many replicas stack.yml asks for. */
	private static final Map<String, Integer> REPLICAS = Map.of("conferences", 1, "attendees", 2, "attendees-poll", 1);

	private static final JsonClient CONFERENCES = client(Pi.MANAGER, 8090);

	private static final JsonClient PUSH = client(Pi.MANAGER, 8091);

	private static final JsonClient POLL = client(Pi.MANAGER, 8092);

	private static final Duration POLL_INTERVAL = Duration.ofSeconds(10);

	@AfterAll
	static void removeAll() {
		Stack.removeAll();
		for (String volume : List.of("conference_redis-data", "conference_postgres-data")) {
			Wait.until(volume + " is deleted", Duration.ofMinutes(1),
					() -> Pi.MANAGER.tryTo("docker volume rm --force " + volume, "").exitCode() == 0);
		}
		Pi.MANAGER.tryTo("rm -rf .secrets passwords databases.sh", "");
	}

	private static JsonClient client(Pi pi, int port) {
		return new JsonClient("http://%s:%d".formatted(pi.address(), port));
	}

	/** The stack, with all its services in step. Keeps that of a test before. */
	private static void deployed() {
		if (!Stack.lines("docker stack ls --format '{{.Name}}'").contains(STACK.name())) {
			Stack.removeAll();
			// What stack.yml refers to; the manager's shell is in the same directory.
			Pi.MANAGER.tryTo("cat >databases.sh", read("conference/databases.sh")).orFail();
			Pi.MANAGER.tryTo("cat >passwords", read("conference/passwords")).orFail();
			Pi.MANAGER.run("sh passwords");
			long start = System.nanoTime();
			Stack.deploy(STACK.name(), IMAGES, read("conference/stack.yml"));
			Report.figure("Conference: from deploy to all replicas healthy", since(start));
		}
		Wait.until("all are in step", Duration.ofMinutes(2), () -> {
			JsonNode edited = edit(create("In step"), "In step");
			untilCopied(PUSH, edited, Duration.ofSeconds(30));
			untilCopied(POLL, edited, Duration.ofSeconds(30));
			return true;
		});
	}

	private static String read(String file) {
		try {
			return Files.readString(SAMPLES.resolve(file));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String since(long start) {
		return Report.seconds(Duration.ofNanos(System.nanoTime() - start));
	}

	private static String conference(String name) {
		return "{\"name\": \"%s\", \"starts\": \"2027-03-14\", \"ends\": \"2027-03-15\"}".formatted(name);
	}

	private static String create(String name) throws Exception {
		Answer answer = CONFERENCES.post("/conferences", conference(name));
		assertThat(answer.status()).as(answer.body()).isEqualTo(201);
		return answer.header("Location");
	}

	/** Changes a conference, and returns it. */
	private static JsonNode edit(String href, String name) throws Exception {
		Answer answer = CONFERENCES.put(href, conference(name));
		assertThat(answer.status()).as(answer.body()).isEqualTo(200);
		return answer.json();
	}

	private static Answer register(JsonClient attendees, String email, String href) throws Exception {
		return attendees.post("/attendees",
				"{\"name\": \"Ada\", \"email\": \"%s\", \"conference\": \"%s\"}".formatted(email, href));
	}

	/** Waits until a copy is as new as the conference. */
	private static Duration untilCopied(JsonClient attendees, JsonNode conference, Duration limit) {
		return until(attendees, limit, (copy) -> copy.path("href").equals(conference.path("href"))
				&& copy.path("version").asLong() >= conference.path("version").asLong());
	}

	/** Asks more often than {@link Wait}, for times of less than a second. */
	private static Duration until(JsonClient attendees, Duration limit, Condition condition) {
		long start = System.nanoTime();
		Awaitility.await()
			.dontCatchUncaughtExceptions()
			.ignoreExceptions()
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(20))
			.atMost(limit)
			.until(() -> attendees.get("/conferences").json().valueStream().anyMatch(condition::holds));
		return Duration.ofNanos(System.nanoTime() - start);
	}

	/** What is true for a copy. */
	private interface Condition {

		boolean holds(JsonNode copy);

	}

	@Test
	@Order(1)
	void editsAreSeen() throws Exception {
		deployed();
		String href = create("Pi Days");
		List<Duration> push = new ArrayList<>();
		JsonNode last = edit(href, "Pi Days 0");
		for (int i = 1; i <= 10; i++) {
			last = edit(href, "Pi Days " + i);
			push.add(untilCopied(PUSH, last, Duration.ofSeconds(30)));
		}
		Duration poll = untilCopied(POLL, last, POLL_INTERVAL.plusSeconds(20));
		push.sort(Comparator.naturalOrder());
		Report.figure("Conference: an edit in the copies, by events",
				"median %s, worst %s".formatted(Report.seconds(push.get(4)), Report.seconds(push.get(9))));
		Report.figure("Conference: an edit in the copies, by polls each 10 s", Report.seconds(poll));
		assertThat(push.get(4)).isLessThan(Duration.ofSeconds(1));
		assertThat(push.get(9)).isLessThan(Duration.ofSeconds(5));
		assertThat(poll).isLessThan(POLL_INTERVAL.plusSeconds(5));
		for (Pi pi : Pi.ALL) {
			untilCopied(client(pi, 8091), last, Duration.ofSeconds(10));
			untilCopied(client(pi, 8092), last, Duration.ofSeconds(10));
		}

		for (JsonClient attendees : List.of(PUSH, POLL)) {
			assertThat(register(attendees, "ada@example.org", href).status()).isEqualTo(201);
			Answer again = register(attendees, "ada@example.org", href);
			assertThat(again.status()).isEqualTo(409);
			assertThat(again.detail()).contains("ada@example.org is registered for Pi Days 10");
		}
		assertThat(CONFERENCES.delete(href).status()).isEqualTo(204);
		for (JsonClient attendees : List.of(PUSH, POLL)) {
			until(attendees, POLL_INTERVAL.plusSeconds(5),
					(copy) -> copy.path("href").asString().equals(href) && copy.path("deleted").asBoolean());
			assertThat(register(attendees, "bob@example.org", href).status()).isEqualTo(409);
			JsonNode people = attendees.get("/attendees?conference=" + href).json();
			assertThat(people).hasSize(1);
			assertThat(people.path(0).path("email").asString()).isEqualTo("ada@example.org");
			assertThat(people.path(0).path("conferenceDeleted").asBoolean()).isTrue();
		}
	}

	@Test
	@Order(2)
	void attendeesAnswersWhileConferencesIsDown() throws Exception {
		deployed();
		String href = create("Answered");
		JsonNode edited = edit(href, "Answered from the copy");
		untilCopied(PUSH, edited, Duration.ofSeconds(30));
		untilCopied(POLL, edited, Duration.ofSeconds(30));
		STACK.scale("conferences", 0);
		try {
			for (JsonClient attendees : List.of(PUSH, POLL)) {
				Answer answer = register(attendees, "ada@example.org", href);
				assertThat(answer.status()).as(answer.body()).isEqualTo(201);
				assertThat(answer.json().path("conferenceName").asString()).isEqualTo("Answered from the copy");
			}
			Wait.until("the service that polls says it", POLL_INTERVAL.multipliedBy(3),
					() -> POLL.get("/api/live").json().at("/view/failure").asString("").startsWith("conferences: "));
			// Its liveness does not depend on it: no replica is restarted.
			assertThat(PUSH.get("/livez").status()).isEqualTo(200);
			assertThat(POLL.get("/livez").status()).isEqualTo(200);
		}
		finally {
			STACK.scale("conferences", 1);
		}
		// The network of the Swarm learns of the new replica a moment after it runs.
		Wait.until("conferences answers again", Duration.ofMinutes(1), () -> CONFERENCES.get(href).status() == 200);
		untilCopied(POLL, edit(href, "Back"), Duration.ofMinutes(1));
	}

	/**
	 * CONFERENCE_SEED repeats the requests of a run, as far as the answers are the same.
	 */
	@Test
	@Order(3)
	void allSidesAgreeAfterFailures() throws Exception {
		deployed();
		String given = System.getenv("CONFERENCE_SEED");
		long seed = (given != null) ? Long.parseLong(given) : System.nanoTime();
		System.out.println("CONFERENCE_SEED=" + seed);
		ConferenceOperations operations = new ConferenceOperations(CONFERENCES,
				Map.of("attendees", List.of(PUSH), "attendees-poll", List.of(POLL)), new Random(seed));
		try (ConferenceClients clients = new ConferenceClients(operations)) {
			untilServed(clients, "Conference: until the first requests are fulfilled");
			Containers.kill(STACK.service("redis"));
			untilServed(clients, "Conference: Redis started again, until requests are fulfilled");
			Containers.kill(STACK.service("postgres"));
			untilServed(clients, "Conference: PostgreSQL started again, until requests are fulfilled");
			failing(worker("attendees"), clients, "cable cut", Pi::unplug, Pi::replug);
			failing(worker("conferences", "attendees"), clients, "power cut", Pi::powerOff, Pi::powerOn);
			Report.figure("Conference: during failures", clients.stop());
			Map<String, Known> conferences = new TreeMap<>();
			Report.figure("Conference: after the last failure, until all sides agree",
					Report.seconds(Wait.until("all sides agree", Duration.ofMinutes(3), () -> {
						conferences.clear();
						conferences.putAll(ConferenceOperations.known(CONFERENCES));
						return ConferenceOperations.known(PUSH).equals(conferences)
								&& ConferenceOperations.known(POLL).equals(conferences);
					})));
			operations.assertThatNoneIsLost(conferences);
			operations.assertThatRegistrationsAreRight();
			assertThat(PUSH.get("/set-aside").json()).isEmpty();
		}
	}

	/** A worker that runs a replica of one of the services, the first one if possible. */
	private static Pi worker(String... services) {
		return Stream.of(services)
			.flatMap((service) -> STACK.nodes(service).stream())
			.filter((node) -> !node.equals(Pi.MANAGER.name()))
			.map(Pi::named)
			.findFirst()
			.orElseThrow();
	}

	/** Lasts until all replicas run elsewhere, and until they are where they belong. */
	private static void failing(Pi victim, ConferenceClients clients, String what, Step begin, Step end) {
		try {
			long start = System.nanoTime();
			begin.of(victim);
			Wait.until("all replicas run, none of them on " + victim.name(), Duration.ofMinutes(4),
					() -> REPLICAS.entrySet().stream().allMatch((service) -> {
						List<String> nodes = STACK.nodes(service.getKey());
						return nodes.size() == service.getValue() && !nodes.contains(victim.name());
					}));
			Report.figure("Conference: %s, until all replicas run elsewhere".formatted(what), since(start));
			untilServed(clients, "Conference: %s, from then until requests are fulfilled".formatted(what));
		}
		finally {
			end.of(victim);
		}
		Wait.until(victim.name() + " is ready again", Duration.ofMinutes(3),
				() -> Pi.MANAGER.run("docker node inspect --format '{{.Status.State}}' " + victim.name())
					.equals("ready"));
		untilServed(clients, "Conference: %s and its end, until requests are fulfilled".formatted(what));
	}

	/** What is done to a node. */
	private interface Step {

		void of(Pi pi);

	}

	/** Waits until each service has fulfilled five requests more. */
	private static void untilServed(ConferenceClients clients, String figure) {
		Map<String, Integer> before = clients.fulfilled();
		Report.figure(figure, Report.seconds(Wait.until("requests are fulfilled", Duration.ofMinutes(3), () -> List
			.of("conferences", "attendees", "attendees-poll")
			.stream()
			.allMatch((
					service) -> clients.fulfilled().getOrDefault(service, 0) >= before.getOrDefault(service, 0) + 5))));
	}

	/** One Redis of two stacks would have the keys of both. */
	@Test
	@Order(4)
	void threeStacksNextToEachOther() throws Exception {
		deployed();
		Stack.deploy("numbers", Map.of(), Stack.file());
		Stack coins = Stack.deploy("dockercoins", IMAGES, read("dockercoins/stack.yml"));
		String ask = """
				for key in conferences hashes; do
				  exec 3<>/dev/tcp/redis/6379
				  printf "EXISTS $key\\r\\n" >&3
				  read -r -t 5 answer <&3
				  echo "$key ${answer%$'\\r'}"
				done
				""";
		Wait.until("hashes are made", Duration.ofMinutes(3),
				() -> Containers.inside(coins, "worker", ask).contains("hashes :1"));
		assertThat(Containers.inside(coins, "worker", ask)).containsExactlyInAnyOrder("conferences :0", "hashes :1");
		untilCopied(PUSH, edit(create("Next to others"), "Next to two others"), Duration.ofSeconds(30));
		assertThat(Containers.inside(STACK, "attendees", ask)).hasSize(4).containsOnly("conferences :1", "hashes :0");
		for (Pi pi : Pi.ALL) {
			assertThat(Http.get(pi.producerUrl()).isNumber()).isTrue();
			assertThat(Http.get("http://" + pi.address() + ":8000/json").status()).isEqualTo(200);
			assertThat(client(pi, 8091).get("/conferences").status()).isEqualTo(200);
		}
		Stack.removeAll();
	}

}

package org.piswarm.conference.attendees;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import mockwebserver3.MockResponse;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.piswarm.conference.attendees.EventStream.Event;
import org.piswarm.samples.Host;
import org.piswarm.samples.Redis;
import org.piswarm.testsupport.JsonClient;
import org.piswarm.testsupport.RedisServer;
import org.piswarm.testsupport.Started;
import org.piswarm.testsupport.TestApplication;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/** SYNC=push, with a real Redis. */
@EnabledIf(value = "org.piswarm.testsupport.RedisServer#isInstalled", disabledReason = "redis-server is not installed")
@Tag("slow")
@ExtendWith(OutputCaptureExtension.class)
class PushTests {

	@TempDir
	private Path directory;

	private final Started started = new Started();

	private RedisServer redis;

	private FakeConferences conferences;

	private TestApplication attendees;

	private JsonClient client;

	@BeforeEach
	void start() throws Exception {
		this.redis = this.started.add(new RedisServer());
		this.conferences = this.started.add(new FakeConferences());
		this.conferences.set("a", "A");
		startAttendees();
		within30s(() -> assertThat(name("a")).isEqualTo("A"));
		within30s(() -> assertThat(this.client.get("/api/live").json().at("/view/failure").isNull()).isTrue());
	}

	private void startAttendees() {
		this.attendees = this.started.add(new TestApplication(AttendeesApplication.class, "--SYNC=push",
				"--CONFERENCES_URL=" + this.conferences.url(), "--REDIS_URL=" + this.redis.url(),
				"--DATABASE_URL=jdbc:h2:file:" + this.directory.resolve("data")));
		this.client = new JsonClient(this.attendees.url());
	}

	@AfterEach
	void stop() throws Exception {
		this.started.close();
	}

	private void publishOnce(String event) {
		try {
			publish(event);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void publish(String event) throws Exception {
		this.redis.ask("XADD", "conferences", this.conferences.revision() + "-0", "conference", event);
	}

	@Test
	void appliesEventsWithoutAskingAgain() throws Exception {
		publish(this.conferences.set("b", "B"));
		publish(this.conferences.set("a", "A2"));
		publish(this.conferences.delete("b"));
		within30s(() -> {
			assertThat(name("a")).isEqualTo("A2");
			assertThat(copy("b").path("deleted").asBoolean()).isTrue();
		});
		assertThat(this.conferences.lists()).isEqualTo(1);
		within30s(() -> assertThat(pending()).isZero());
	}

	/** A client of Redis may have a limit of its own, which is shorter. */
	@Test
	void waitsForAnEventLongerThanForAnAnswer() throws Exception {
		await().during(Duration.ofSeconds(4))
			.atMost(Duration.ofSeconds(30))
			.until(() -> this.client.get("/api/live").json().at("/view/failure").isNull());
		publish(this.conferences.set("a", "A2"));
		within30s(() -> assertThat(name("a")).isEqualTo("A2"));
	}

	@Test
	void getsWhatWasPublishedWhileItWasAway() throws Exception {
		this.attendees.close();
		publish(this.conferences.set("b", "B"));
		publish(this.conferences.delete("a"));
		// Not needed, and so not missed.
		this.conferences.trouble((answer) -> new MockResponse.Builder().code(503).build());
		startAttendees();
		within30s(() -> {
			assertThat(name("b")).isEqualTo("B");
			assertThat(copy("a").path("deleted").asBoolean()).isTrue();
		});
		assertThat(this.conferences.lists()).isEqualTo(1);
	}

	@Test
	void setsAsideWhatItCannotProcess() throws Exception {
		this.conferences.set("a", "A2");
		publish("{\"href\":\"/conferences/a\",\"name\":7}");
		publish(this.conferences.set("b", "B"));
		within30s(() -> assertThat(name("b")).isEqualTo("B"));
		JsonNode messages = this.client.get("/set-aside").json();
		assertThat(messages).singleElement().satisfies((message) -> {
			assertThat(message.path("reason").asString()).isEqualTo("it has no text name");
			assertThat(message.path("body").asString()).isEqualTo("{\"href\":\"/conferences/a\",\"name\":7}");
			assertThat(message.path("id").asString()).isEqualTo(this.conferences.revision() - 1 + "-0");
		});
		assertThat(this.client.get("/actuator/prometheus").body()).containsPattern("sync_set_aside_total\\{.*} 1.0");
		within30s(() -> assertThat(pending()).isZero());
	}

	/** No JSON can have the half of a surrogate pair, so it would spoil each answer. */
	@Test
	void setsHalfACharacterAside() throws Exception {
		publish(this.conferences.set("b", "half \\ud83d"));
		within30s(() -> assertThat(this.client.get("/set-aside").json()).hasSize(1));
		assertThat(this.client.get("/conferences").status()).isEqualTo(200);
	}

	/** Its staleness would be no number of milliseconds. */
	@Test
	void setsATimeAsideThatNobodyMeans() throws Exception {
		publish(this.conferences.set("b", "B")
			.replaceAll("\"changed\":\"[^\"]*", "\"changed\":\"+1000000000-12-31T23:59:59Z"));
		publish(this.conferences.set("c", "C"));
		within30s(() -> assertThat(name("c")).isEqualTo("C"));
		assertThat(this.client.get("/set-aside").json()).singleElement()
			.satisfies((message) -> assertThat(message.path("reason").asString())
				.isEqualTo("the year of changed is not from 1900 to 9999"));
		within30s(() -> assertThat(pending()).isZero());
	}

	@Test
	void readsTheListAgainIfAnEventIsMissing() throws Exception {
		this.conferences.set("a", "never published");
		publish(this.conferences.set("b", "B"));
		within30s(() -> assertThat(name("a")).isEqualTo("never published"));
		assertThat(this.conferences.lists()).isEqualTo(2);
		publish(this.conferences.set("b", "B2"));
		within30s(() -> assertThat(name("b")).isEqualTo("B2"));
		assertThat(this.conferences.lists()).isEqualTo(2);
	}

	@Test
	void readsTheListAgainIfUnreadEventsWereTrimmed() throws Exception {
		this.attendees.close();
		publish(this.conferences.set("b", "B"));
		publish(this.conferences.set("c", "C"));
		this.redis.ask("XTRIM", "conferences", "MAXLEN", "1");
		startAttendees();
		within30s(() -> assertThat(name("b")).isEqualTo("B"));
		within30s(() -> assertThat(name("c")).isEqualTo("C"));
	}

	/** It had no time to notice that an event before it was missing. */
	@Test
	void noticesThatAnEventIsMissingIfAReplicaHasDiedWithTheNextOne() throws Exception {
		this.attendees.close();
		this.conferences.set("a", "never published");
		publish(this.conferences.set("b", "B"));
		// As the first read of the replica that dies.
		this.redis.ask("EVAL", "redis.call('XREADGROUP', 'GROUP', 'attendees', '%s', 'STREAMS', 'conferences', '>') "
			.formatted(Host.name()) + "return 'read'", "0");
		startAttendees();
		within30s(() -> assertThat(name("a")).isEqualTo("never published"));
		within30s(() -> assertThat(name("b")).isEqualTo("B"));
	}

	/** The list is too old for this change, and the group must not be too young. */
	@Test
	void missesNoEventThatIsPublishedWhileItReadsTheFirstList() throws Exception {
		this.attendees.close();
		this.redis.ask("FLUSHALL");
		this.conferences.trouble((answer) -> {
			this.conferences.trouble((later) -> later);
			publishOnce(this.conferences.set("b", "B"));
			return answer;
		});
		startAttendees();
		within30s(() -> assertThat(name("b")).isEqualTo("B"));
	}

	/** The list that is on its way when an event is missed does not have it. */
	@Test
	void readsTheListOnceMoreIfAnotherReplicaMissesAnEventMeanwhile() throws Exception {
		MissingEvents replicas = this.attendees.bean(MissingEvents.class);
		this.conferences.trouble((answer) -> {
			this.conferences.trouble((later) -> later);
			this.conferences.set("a", "never published");
			replicas.askForList("a test");
			return answer;
		});
		replicas.askForList("a test");
		publish(this.conferences.set("b", "B"));
		within30s(() -> assertThat(name("a")).isEqualTo("never published"));
		assertThat(this.conferences.lists()).isEqualTo(3);
	}

	@Test
	void takesOverWhatAReplicaLeftThatDoesNotComeBack() throws Exception {
		this.attendees.close();
		publish(this.conferences.set("b", "B"));
		leaveToAnotherReplica();
		startAttendees();
		within30s(() -> assertThat(name("b")).isEqualTo("B"));
		within30s(() -> assertThat(pending()).isZero());
		assertThat(this.conferences.lists()).isEqualTo(1);
	}

	@Test
	void readsTheListAgainIfTheStreamNoLongerHasWhatAReplicaLeft() throws Exception {
		this.attendees.close();
		publish(this.conferences.set("b", "B"));
		publish(this.conferences.set("a", "A2"));
		leaveToAnotherReplica();
		this.redis.ask("XACK", "conferences", "attendees", this.conferences.revision() + "-0");
		this.redis.ask("XTRIM", "conferences", "MAXLEN", "1");
		startAttendees();
		within30s(() -> assertThat(name("b")).isEqualTo("B"));
		within30s(() -> assertThat(pending()).isZero());
		assertThat(this.conferences.lists()).isEqualTo(2);
	}

	/** It is not this replica's turn, and no event is missing. */
	@Test
	void leavesWhatAnotherReplicaHasTakenOver() throws Exception {
		this.attendees.close();
		publish(this.conferences.set("b", "B"));
		String id = this.conferences.revision() + "-0";
		leaveToAnotherReplica();
		// Meanwhile, that is after this replica has seen that it was left.
		this.redis.ask("EVAL", "redis.call('XCLAIM', 'conferences', 'attendees', 'third', 0, ARGV[1]) return 'claimed'",
				"0", id);
		try (Redis redis = new Redis(URI.create(this.redis.url()))) {
			EventStream stream = new EventStream(redis, new Freshness(Clock.systemUTC(), new SimpleMeterRegistry()));
			assertThat(stream.claim(id)).isEmpty();
			this.redis.ask("XACK", "conferences", "attendees", id);
			assertThat(stream.claim(id)).isEmpty();
			this.redis.ask("XDEL", "conferences", id);
			assertThat(stream.claim(id)).singleElement().satisfies((event) -> {
				assertThat(event.id()).isEqualTo(id);
				assertThat(event.body()).isNull();
			});
		}
	}

	/** It may die before it has noted that the list is needed. */
	@Test
	void doesNotForgetWhatTheStreamNoLongerHasBeforeItIsAcknowledged() throws Exception {
		this.attendees.close();
		publish(this.conferences.set("b", "B"));
		String id = this.conferences.revision() + "-0";
		leaveToAnotherReplica();
		this.redis.ask("XDEL", "conferences", id);
		try (Redis redis = new Redis(URI.create(this.redis.url()))) {
			EventStream stream = new EventStream(redis, new Freshness(Clock.systemUTC(), new SimpleMeterRegistry()));
			for (int attempt = 1; attempt <= 2; attempt++) {
				assertThat(stream.abandoned()).singleElement().satisfies((event) -> assertThat(event.body()).isNull());
			}
			stream.acknowledge(stream.abandoned());
			assertThat(stream.abandoned()).isEmpty();
		}
	}

	@Test
	void readsTheRestAgainIfItTakesTooLong() throws Exception {
		this.attendees.bean(Sync.class).stop();
		try (Redis redis = new Redis(URI.create(this.redis.url()))) {
			EventStream stream = new EventStream(redis, this.attendees.bean(Freshness.class));
			Subscriber subscriber = subscriber(stream, this.attendees.bean(Freshness.class));
			for (String id : List.of("b", "c", "d")) {
				publish(this.conferences.set(id, "new"));
			}
			List<Event> events = stream.next(Duration.ZERO);
			assertThat(events).hasSize(3);
			assertThat(subscriber.apply(events, 0, Duration.ZERO)).isFalse();
			assertThat(name("b")).isEqualTo("new");
			assertThat(pending()).isEqualTo(2);
			assertThat(subscriber.apply(stream.unfinished(), 0, Duration.ofMinutes(1))).isTrue();
			assertThat(name("d")).isEqualTo("new");
			assertThat(pending()).isZero();
		}
	}

	@Test
	void readsAgainWhatItHadWhenAnErrorCameThatNobodyExpects() throws Exception {
		this.attendees.bean(Sync.class).stop();
		Freshness freshness = new Freshness(Clock.systemUTC(), new SimpleMeterRegistry());
		Deque<RuntimeException> errors = new ArrayDeque<>();
		try (Redis redis = new Redis(URI.create(this.redis.url()))) {
			Subscriber subscriber = subscriber(new EventStream(redis, freshness) {
				@Override
				void acknowledge(List<Event> events) {
					if (!errors.isEmpty()) {
						throw errors.pop();
					}
					super.acknowledge(events);
				}
			}, freshness);
			publish(this.conferences.set("b", "B"));
			// It looks for what it had, and for what others have left.
			subscriber.receive();
			assertThat(freshness.view(0).failure()).isNull();
			errors.push(new IllegalStateException("a test"));
			assertThatIllegalStateException().isThrownBy(subscriber::receive);
			assertThat(pending()).isEqualTo(1);
			assertThat(freshness.view(0).failure()).startsWith("error in the service itself");
			subscriber.receive();
			assertThat(freshness.view(0).failure()).isNull();
			assertThat(pending()).isZero();
		}
	}

	/** It would stop all that come after it, again and again. */
	@Test
	void setsAsideAnEventThatCausesAnErrorOfThisService(CapturedOutput log) throws Exception {
		this.attendees.bean(Sync.class).stop();
		try (Redis redis = new Redis(URI.create(this.redis.url()))) {
			Freshness freshness = this.attendees.bean(Freshness.class);
			EventStream stream = new EventStream(redis, freshness);
			publish(this.conferences.set("b", "B"));
			publish(this.conferences.set("c", "C"));
			assertThat(subscriber(stream, defectiveCopies(), freshness).apply(stream.next(Duration.ZERO), 0,
					Duration.ofMinutes(1)))
				.isTrue();
			assertThat(name("c")).isEqualTo("C");
			assertThat(this.client.get("/set-aside").json()).singleElement()
				.satisfies((message) -> assertThat(message.path("reason").asString())
					.isEqualTo("an error in the service itself: see the log of replica " + Host.name()));
			assertThat(log).containsOnlyOnce("IllegalArgumentException: a test");
			assertThat(pending()).isZero();
		}
	}

	/** The list has the same conference. */
	@Test
	void appliesEventsAlthoughTheListCausesAnErrorOfThisService() throws Exception {
		this.attendees.bean(Sync.class).stop();
		Freshness freshness = new Freshness(Clock.systemUTC(), new SimpleMeterRegistry());
		try (Redis redis = new Redis(URI.create(this.redis.url()))) {
			Subscriber subscriber = subscriber(new EventStream(redis, freshness), defectiveCopies(), freshness);
			// It looks for what it had, and for what others have left.
			subscriber.receive();
			assertThat(freshness.view(0).failure()).isNull();
			publish(this.conferences.set("b", "B"));
			publish(this.conferences.set("c", "C"));
			this.attendees.bean(MissingEvents.class).askForList("a test");
			assertThatIllegalArgumentException().isThrownBy(subscriber::receive);
			assertThat(name("c")).isEqualTo("C");
			assertThat(pending()).isZero();
			assertThat(freshness.view(0).failure()).startsWith("error in the service itself");
		}
	}

	/** Those of a service that fails whenever it applies the conference b. */
	private ConferenceCopies defectiveCopies() {
		return new ConferenceCopies(this.attendees.bean(JdbcClient.class),
				this.attendees.bean(TransactionTemplate.class)) {
			@Override
			boolean apply(RemoteConference conference) {
				if (conference.href().equals("/conferences/b")) {
					throw new IllegalArgumentException("a test");
				}
				return super.apply(conference);
			}
		};
	}

	/** The database fails, not the event. */
	@Test
	void keepsAnEventThatTheDatabaseCouldNotStore() throws Exception {
		this.attendees.bean(Sync.class).stop();
		JdbcTemplate database = this.attendees.bean(JdbcTemplate.class);
		try (Redis redis = new Redis(URI.create(this.redis.url()))) {
			Freshness freshness = new Freshness(Clock.systemUTC(), new SimpleMeterRegistry());
			EventStream stream = new EventStream(redis, freshness);
			Subscriber subscriber = subscriber(stream, freshness);
			publish(this.conferences.set("b", "B"));
			// It looks for what it had, and for what others have left.
			subscriber.receive();
			assertThat(freshness.view(0).failure()).isNull();
			database.execute("alter table conference_copy rename to lost");
			try {
				subscriber.receive();
				assertThat(freshness.view(0).failure()).startsWith("database: refused");
				assertThat(pending()).isEqualTo(1);
			}
			finally {
				database.execute("alter table lost rename to conference_copy");
			}
			subscriber.receive();
			assertThat(name("b")).isEqualTo("B");
			assertThat(pending()).isZero();
			assertThat(this.client.get("/set-aside").json()).isEmpty();
		}
	}

	private Subscriber subscriber(EventStream stream, Freshness freshness) {
		return subscriber(stream, this.attendees.bean(ConferenceCopies.class), freshness);
	}

	private Subscriber subscriber(EventStream stream, ConferenceCopies copies, Freshness freshness) {
		return new Subscriber(stream, this.attendees.bean(ConferencesClient.class), copies,
				new MissingEvents(this.attendees.bean(JdbcClient.class), stream), this.attendees.bean(SetAside.class),
				freshness);
	}

	/** It has read all events, and is not heard of for a minute. */
	private void leaveToAnotherReplica() throws Exception {
		this.redis.ask("EVAL", """
				local read = redis.call('XREADGROUP', 'GROUP', 'attendees', 'other', 'STREAMS', 'conferences', '>')
				for _, entry in ipairs(read[1][2]) do
					redis.call('XCLAIM', 'conferences', 'attendees', 'other', 0, entry[1], 'IDLE', 60000)
				end
				return 'read'""", "0");
	}

	/** No conferences publishes such an ID, but Redis accepts it. */
	@Test
	void appliesAnEventWithTheHighestId() throws Exception {
		this.redis.ask("XADD", "conferences", "18446744073709551615-0", "conference", this.conferences.set("b", "B"));
		within30s(() -> assertThat(name("b")).isEqualTo("B"));
		within30s(() -> assertThat(pending()).isZero());
	}

	@Test
	void keepsOnlySoManyMessagesThatItCannotProcess() throws Exception {
		this.redis.ask("EVAL", """
				for i = 1, 1100 do
					redis.call('XADD', 'conferences', ARGV[1] .. '-' .. i, 'conference', '{}')
				end
				return 'written'""", "0", Long.toString(this.conferences.revision()));
		within30s(() -> assertThat(this.client.get("/actuator/prometheus").body())
			.containsPattern("sync_set_aside_total\\{.*} 1100\\.0"));
		assertThat(this.client.get("/set-aside").json()).hasSize(100);
		assertThat(this.attendees.bean(JdbcTemplate.class).queryForObject("select count(*) from set_aside", Long.class))
			.isEqualTo(1000);
	}

	@Test
	void readsTheListAgainIfRedisHasLostAll() throws Exception {
		this.redis.ask("FLUSHALL");
		publish(this.conferences.set("a", "A2"));
		within30s(() -> assertThat(name("a")).isEqualTo("A2"));
		publish(this.conferences.set("a", "A3"));
		within30s(() -> assertThat(name("a")).isEqualTo("A3"));
	}

	@Test
	void isNotInStepIfRedisDoesNotKnowIt() throws Exception {
		this.attendees.close();
		this.redis.ask("FLUSHALL");
		this.conferences.trouble((answer) -> new MockResponse.Builder().code(503).build());
		startAttendees();
		within30s(() -> assertThat(this.client.get("/api/live").json().at("/view/failure").asString(""))
			.isEqualTo("conferences: status 503"));
		assertThat(this.client.get("/api/live").json().at("/view/lastSuccess").isNull()).isTrue();
	}

	@Test
	void appliesEventsAlthoughTheListIsNotAvailable() throws Exception {
		this.conferences.trouble((answer) -> new MockResponse.Builder().code(503).build());
		this.conferences.set("a", "never published");
		publish(this.conferences.set("b", "B"));
		within30s(() -> assertThat(name("b")).isEqualTo("B"));
		publish(this.conferences.set("b", "B2"));
		within30s(() -> assertThat(name("b")).isEqualTo("B2"));
		publish(this.conferences.set("b", "B3"));
		within30s(() -> assertThat(name("b")).isEqualTo("B3"));
		assertThat(name("a")).isEqualTo("A");
		this.conferences.trouble((answer) -> answer);
		within30s(() -> assertThat(name("a")).isEqualTo("never published"));
	}

	@Test
	void answersWhileRedisIsDownAndGoesOn() throws Exception {
		this.redis.kill();
		within30s(() -> assertThat(this.client.get("/api/live").json().path("view").path("failure").asString(""))
			.isEqualTo("redis: connection refused"));
		assertThat(name("a")).isEqualTo("A");
		assertThat(this.client.get("/livez").status()).isEqualTo(200);
		this.redis.startAgain();
		publish(this.conferences.set("a", "A2"));
		within30s(() -> assertThat(name("a")).isEqualTo("A2"));
		assertThat(this.conferences.lists()).isEqualTo(1);
	}

	private JsonNode copy(String id) throws Exception {
		for (JsonNode copy : this.client.get("/conferences").json()) {
			if (copy.path("href").asString().equals("/conferences/" + id)) {
				return copy;
			}
		}
		throw new IllegalStateException("There is no copy of " + id);
	}

	private String name(String id) throws Exception {
		return copy(id).path("name").asString();
	}

	/** Events that were read and not acknowledged. */
	private long pending() throws Exception {
		return Long.parseLong(String
			.valueOf(this.redis.ask("EVAL", "return redis.call('XPENDING', 'conferences', 'attendees')[1]", "0")));
	}

	private static void within30s(ThrowingRunnable assertion) {
		await().atMost(Duration.ofSeconds(30)).ignoreExceptions().untilAsserted(assertion);
	}

}

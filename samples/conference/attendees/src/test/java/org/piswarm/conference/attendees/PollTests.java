package org.piswarm.conference.attendees;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.piswarm.testsupport.JsonClient;
import org.piswarm.testsupport.PostgresServer;
import org.piswarm.testsupport.Started;
import org.piswarm.testsupport.TestApplication;
import tools.jackson.databind.JsonNode;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** SYNC=poll, next to a service that may answer anything. */
@Tag("slow")
class PollTests {

	private final Started started = new Started();

	private FakeConferences conferences;

	private TestApplication attendees;

	private JsonClient client;

	@BeforeEach
	void start(@TempDir Path directory) throws Exception {
		this.conferences = this.started.add(new FakeConferences());
		this.conferences.set("a", "A");
		this.conferences.set("b", "B");
		this.attendees = this.started.add(new TestApplication(AttendeesApplication.class, "--SYNC=poll",
				"--POLL_INTERVAL=1s", "--CONFERENCES_URL=" + this.conferences.url(),
				"--DATABASE_URL=jdbc:h2:file:" + directory.resolve("data")));
		this.client = new JsonClient(this.attendees.url());
		within30s(() -> assertThat(copy("a").path("name").asString()).isEqualTo("A"));
	}

	@AfterEach
	void stop() throws Exception {
		this.started.close();
	}

	@Test
	void seesWhatIsNewChangedAndDeleted() throws Exception {
		this.conferences.set("c", "C");
		this.conferences.set("b", "B2");
		this.conferences.delete("a");
		within30s(() -> {
			assertThat(copy("c").path("name").asString()).isEqualTo("C");
			assertThat(copy("b").path("name").asString()).isEqualTo("B2");
			assertThat(copy("a").path("deleted").asBoolean()).isTrue();
		});
		// They are counted after they are committed.
		within30s(() -> {
			// Two changes, whose staleness is known. That of a deletion is not.
			assertThat(this.client.get("/actuator/prometheus").body())
				.containsPattern("sync_staleness_seconds_count\\{.*} 2");
			assertThat(this.client.get("/api/live").json().path("view").path("samples")).hasSize(5);
		});
	}

	@Test
	void asksForTheListOnlyIfItHasChanged() {
		within30s(() -> assertThat(this.conferences.notModified()).isGreaterThanOrEqualTo(2));
		assertThat(this.conferences.lists()).isEqualTo(1);
		this.conferences.set("a", "A2");
		within30s(() -> assertThat(copy("a").path("name").asString()).isEqualTo("A2"));
		assertThat(this.conferences.lists()).isEqualTo(2);
	}

	/** As after a backup of an earlier time, or by hand. */
	@ParameterizedTest
	@ValueSource(strings = { "delete from conference_copy",
			"delete from conference_copy; update list_etag set etag = null",
			"delete from conference_copy where import_href = '/conferences/b'; update list_etag set etag = '\"1001\"'" })
	void fillsCopiesThatWereLost(String loss) throws Exception {
		this.attendees.bean(JdbcTemplate.class).execute(loss);
		within30s(() -> assertThat(copy("b").path("name").asString()).isEqualTo("B"));
		assertThat(copy("a").path("name").asString()).isEqualTo("A");
	}

	/** Also while conferences has nothing new. */
	@Test
	void isNotInStepWithoutItsDatabase() throws Exception {
		JdbcTemplate database = this.attendees.bean(JdbcTemplate.class);
		database.execute("alter table conference_copy rename to lost");
		within30s(() -> assertThat(this.client.get("/api/live").json().path("view").path("failure").asString(""))
			.startsWith("database: refused (SQLSTATE 42"));
		database.execute("alter table lost rename to conference_copy");
		within30s(() -> assertThat(this.client.get("/api/live").json().path("view").path("failure").isNull()).isTrue());
	}

	@Test
	@EnabledIf(value = "org.piswarm.testsupport.PostgresServer#isInstalled",
			disabledReason = "postgresql is not installed")
	void isNotInStepWhileItsDatabaseIsDown() throws Exception {
		try (PostgresServer postgres = new PostgresServer();
				TestApplication own = new TestApplication(AttendeesApplication.class, "--SYNC=poll",
						"--POLL_INTERVAL=1s", "--CONFERENCES_URL=" + this.conferences.url(),
						"--DATABASE_URL=" + postgres.createDatabase("attendees"), "--DATABASE_USER=postgres")) {
			JsonClient client = new JsonClient(own.url());
			within30s(() -> assertThat(client.get("/api/live").json().at("/view/failure").isNull()).isTrue());
			postgres.kill();
			within30s(() -> assertThat(client.get("/api/live").json().at("/view/failure").asString(""))
				.isEqualTo("database: no answer"));
			postgres.startAgain();
			within30s(() -> assertThat(client.get("/api/live").json().at("/view/failure").isNull()).isTrue());
		}
	}

	/** Before it, there was a list, which was empty. */
	@Test
	void measuresTheFirstConferenceOfAll(@TempDir Path directory) throws Exception {
		try (FakeConferences none = new FakeConferences();
				TestApplication own = new TestApplication(AttendeesApplication.class, "--SYNC=poll",
						"--POLL_INTERVAL=1s", "--CONFERENCES_URL=" + none.url(),
						"--DATABASE_URL=jdbc:h2:file:" + directory.resolve("none"))) {
			JsonClient client = new JsonClient(own.url());
			within30s(() -> assertThat(client.get("/api/live").json().at("/view/failure").isNull()).isTrue());
			none.set("a", "A");
			within30s(() -> assertThat(client.get("/api/live").json().at("/view/samples/0/staleness").isNumber())
				.isTrue());
		}
	}

	@Test
	void anEmptyListDeletesAll() {
		this.conferences.delete("a");
		this.conferences.delete("b");
		within30s(() -> {
			assertThat(copy("a").path("deleted").asBoolean()).isTrue();
			assertThat(copy("b").path("deleted").asBoolean()).isTrue();
		});
	}

	@Test
	void aListThatIsCutOffDeletesNothing() throws Exception {
		this.conferences
			.trouble((answer) -> answer.newBuilder().onResponseBody(new SocketEffect.CloseSocket()).build());
		this.conferences.delete("a");
		failsWith("conferences: connection broken");
	}

	@Test
	void aFailureDeletesNothing() throws Exception {
		this.conferences.trouble((answer) -> new MockResponse.Builder().code(503).build());
		this.conferences.delete("a");
		failsWith("conferences: status 503");
	}

	@Test
	void aListWithAnEntryThatDoesNotFitDeletesNothing() throws Exception {
		this.conferences.delete("a");
		this.conferences.set("b", "");
		failsWith("conferences: the list cannot be used: its name does not have 1 to 200 characters");
		this.conferences.set("b", "B3");
		within30s(() -> assertThat(copy("b").path("name").asString()).isEqualTo("B3"));
		assertThat(copy("a").path("deleted").asBoolean()).isTrue();
	}

	@Test
	void anAnswerOfSomebodyElseDeletesNothing() throws Exception {
		this.conferences.trouble((answer) -> new MockResponse.Builder().body("[]").build());
		this.conferences.set("a", "A2");
		failsWith("conferences: the list cannot be used: it has no revision or no ETag");
	}

	/** The next answer would be as long. */
	@Test
	void asksOnceInATurnIfTheListIsTooLong() throws Exception {
		AtomicInteger requests = new AtomicInteger();
		this.conferences.trouble((answer) -> {
			requests.incrementAndGet();
			return new MockResponse.Builder().body("x".repeat(4 * 1024 * 1024 + 1)).build();
		});
		failsWith("conferences: the list cannot be used: it has more than 4 MB");
		int requested = requests.get();
		double failures = this.client.get("/actuator/prometheus")
			.body()
			.lines()
			.filter((line) -> line.startsWith("sync_failures_total"))
			.mapToDouble((line) -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
			.sum();
		// One may not have failed yet.
		assertThat(requested).isLessThanOrEqualTo((int) failures + 1);
	}

	private void failsWith(String reason) throws Exception {
		within30s(() -> assertThat(this.client.get("/api/live").json().path("view").path("failure").asString(""))
			.isEqualTo(reason));
		assertThat(copy("a").path("deleted").asBoolean()).isFalse();
		assertThat(copy("b").path("deleted").asBoolean()).isFalse();
		assertThat(this.client.get("/livez").status()).isEqualTo(200);
		// It answers as before.
		assertThat(this.client.get("/attendees?conference=/conferences/a").status()).isEqualTo(200);
	}

	private JsonNode copy(String id) throws Exception {
		for (JsonNode copy : this.client.get("/conferences").json()) {
			if (copy.path("href").asString().equals("/conferences/" + id)) {
				return copy;
			}
		}
		throw new IllegalStateException("There is no copy of " + id);
	}

	private static void within30s(ThrowingRunnable assertion) {
		await().atMost(Duration.ofSeconds(30)).ignoreExceptions().untilAsserted(assertion);
	}

}

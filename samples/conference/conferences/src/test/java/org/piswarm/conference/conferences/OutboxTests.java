package org.piswarm.conference.conferences;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.piswarm.conference.conferences.Outbox.Forwarded;
import org.piswarm.samples.ServiceFailure;
import org.piswarm.testsupport.Cable;
import org.piswarm.testsupport.JsonClient;
import org.piswarm.testsupport.RedisServer;
import org.piswarm.testsupport.Started;
import org.piswarm.testsupport.TestApplication;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What is published in a real Redis. */
@EnabledIf(value = "org.piswarm.testsupport.RedisServer#isInstalled", disabledReason = "redis-server is not installed")
@Tag("slow")
class OutboxTests {

	private static final String EVENTS = """
			local all = {}
			for _, entry in ipairs(redis.call('XRANGE', 'conferences', '-', '+')) do
				all[#all + 1] = entry[1] .. ' ' .. entry[2][2]
			end
			return table.concat(all, '\\n')""";

	@TempDir
	private Path directory;

	private final Started started = new Started();

	private RedisServer redis;

	private Cable cable;

	private TestApplication conferences;

	private JsonClient client;

	@BeforeEach
	void start() throws Exception {
		this.redis = this.started.add(new RedisServer());
		this.cable = this.started.add(new Cable(this.redis.port()));
		startConferences();
	}

	private void startConferences() {
		this.conferences = this.started
			.add(new TestApplication(ConferencesApplication.class, "--REDIS_URL=redis://127.0.0.1:" + this.cable.port(),
					"--DATABASE_URL=jdbc:h2:file:" + this.directory.resolve("data")));
		this.client = new JsonClient(this.conferences.url());
	}

	@AfterEach
	void stop() throws Exception {
		this.started.close();
	}

	@Test
	void publishesEachChangeInItsOrder() throws Exception {
		String href = create("A");
		this.client.put(href, conference("B"));
		this.client.delete(href);
		within30s(() -> assertThat(published()).hasSize(3));
		List<JsonNode> events = published();
		assertThat(events).extracting((event) -> event.path("name").asString()).containsExactly("A", "B", "B");
		assertThat(events).extracting((event) -> event.path("deleted").asBoolean()).containsExactly(false, false, true);
		assertThat(events).extracting((event) -> event.path("href").asString()).containsOnly(href);
		// The ID is the version, and no revision is missing.
		List<String> ids = ids();
		assertThat(ids)
			.containsExactlyElementsOf(events.stream().map((event) -> event.path("version").asLong() + "-0").toList());
		assertThat(events.get(2).path("version").asLong()).isEqualTo(events.get(0).path("version").asLong() + 2);
	}

	@Test
	void publishesLaterWhatWasCommittedWhileRedisWasDown() throws Exception {
		this.redis.kill();
		List<String> names = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			names.add("Conference " + i);
			create("Conference " + i);
		}
		assertThat(this.client.get("/livez").status()).isEqualTo(200);
		// Restarted in between: the outbox is in the database.
		this.conferences.close();
		startConferences();
		this.redis.startAgain();
		within30s(() -> assertThat(published()).extracting((event) -> event.path("name").asString())
			.containsExactlyElementsOf(names));
	}

	@Test
	void publishesOnceAlthoughAnswersAreLost() throws Exception {
		create("A");
		within30s(() -> assertThat(published()).hasSize(1));
		this.cable.loseAnswers(true);
		create("B");
		create("C");
		within30s(() -> assertThat(published()).hasSizeGreaterThanOrEqualTo(2));
		this.cable.loseAnswers(false);
		within30s(() -> assertThat(published()).hasSize(3));
		create("D");
		within30s(() -> assertThat(published()).extracting((event) -> event.path("name").asString())
			.containsExactly("A", "B", "C", "D"));
	}

	/** Such as one that an earlier database has filled, or a person. */
	@ParameterizedTest
	@ValueSource(strings = { "9999999999999-0", "18446744073709551615-0" })
	void replacesAStreamThatIsNotItsOwn(String id) throws Exception {
		this.redis.ask("XADD", "conferences", id, "conference", "{}");
		create("A");
		within30s(() -> assertThat(published()).extracting((event) -> event.path("name").asString())
			.containsExactly("A"));
	}

	/** Redis compares with the highest ID that the stream ever had. */
	@Test
	void replacesAStreamThatHadAHigherEntry() throws Exception {
		this.redis.ask("XADD", "conferences", "9999999999999-0", "conference", "{}");
		this.redis.ask("XDEL", "conferences", "9999999999999-0");
		create("A");
		within30s(() -> assertThat(published()).extracting((event) -> event.path("name").asString())
			.containsExactly("A"));
	}

	@Test
	void keepsTheStreamIfRedisHasNoMemory() throws Exception {
		create("A");
		within30s(() -> assertThat(published()).hasSize(1));
		// It is also of another database.
		this.redis.ask("XADD", "conferences", "9999999999999-0", "conference", "{}");
		this.redis.ask("CONFIG", "SET", "maxmemory", "1");
		create("B");
		await().during(Duration.ofSeconds(3)).atMost(Duration.ofSeconds(30)).until(() -> entries().size() == 2);
		this.redis.ask("CONFIG", "SET", "maxmemory", "0");
		within30s(() -> assertThat(published()).extracting((event) -> event.path("name").asString())
			.containsExactly("B"));
	}

	@Test
	void keepsWhatWasPublishedBeforeAFailure() throws Exception {
		Outbox outbox = outboxWithFiveEvents();
		List<Long> revisions = new ArrayList<>();
		Forwarded forwarded = outbox.forward(Duration.ofSeconds(5), (event, revision) -> {
			if (revisions.size() == 3) {
				throw new ServiceFailure("redis", "a test", false);
			}
			revisions.add(revision);
		});
		assertThat(forwarded.count()).isEqualTo(3);
		assertThat(forwarded.failure()).hasMessage("redis: a test");
		assertThat(outbox.waiting()).isEqualTo(2);
		outbox.forward(Duration.ofSeconds(5), (event, revision) -> revisions.add(revision));
		assertThat(revisions).hasSize(5).isSorted().doesNotHaveDuplicates();
	}

	@Test
	void endsABatchThatTakesTooLong() throws Exception {
		Outbox outbox = outboxWithFiveEvents();
		for (int left = 4; left >= 0; left--) {
			assertThat(outbox.forward(Duration.ZERO, (event, revision) -> {
			})).isEqualTo(new Forwarded(1, null));
			assertThat(outbox.waiting()).isEqualTo(left);
		}
	}

	/** Nothing else publishes them. */
	private Outbox outboxWithFiveEvents() throws Exception {
		this.conferences.bean(OutboxPublisher.class).stop();
		for (int i = 0; i < 5; i++) {
			create("Conference " + i);
		}
		return this.conferences.bean(Outbox.class);
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void isSilentWhileAnotherReplicaPublishes(CapturedOutput output) throws Exception {
		try (Connection other = this.conferences.bean(DataSource.class).getConnection();
				Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			// A change that does not wake the publisher. It looks once a second, and
			// perhaps just then.
			await().atMost(Duration.ofSeconds(30)).until(() -> {
				statement.executeUpdate("update revision set number = number + 1");
				statement.executeUpdate("insert into outbox (revision, event) select number, '{}' from revision");
				other.commit();
				try (ResultSet locked = statement.executeQuery("select * from outbox for update wait 10")) {
					return locked.next();
				}
			});
			int before = entries().size();
			// Longer than H2 waits for a lock.
			await().during(Duration.ofSeconds(5))
				.atMost(Duration.ofSeconds(30))
				.until(() -> entries().size() == before && !output.getOut().contains("not published"));
			other.rollback();
		}
		within30s(() -> assertThat(this.conferences.bean(Outbox.class).waiting()).isZero());
		assertThat(output.getOut()).doesNotContain(" ERROR ");
	}

	/** Receivers see that events are missing, and read the list. */
	@Test
	void keepsNoMoreEventsThanTheStreamWouldKeep() throws Exception {
		this.redis.kill();
		this.conferences.bean(JdbcTemplate.class)
			.update("insert into outbox (revision, event) select \"X\", '{}' from system_range(1, 10050)");
		within30s(() -> assertThat(this.client.get("/actuator/prometheus").body())
			.containsPattern("outbox_waiting\\{.*} 10000\\.0"));
	}

	private String create(String name) throws Exception {
		return this.client.post("/conferences", conference(name)).header("Location");
	}

	private static String conference(String name) {
		return "{\"name\": \"%s\", \"starts\": \"2027-03-14\", \"ends\": \"2027-03-15\"}".formatted(name);
	}

	private List<String> ids() throws Exception {
		return entries().stream().map((entry) -> entry.split(" ", 2)[0]).toList();
	}

	private List<JsonNode> published() throws Exception {
		return entries().stream().map((entry) -> JsonMapper.shared().readTree(entry.split(" ", 2)[1])).toList();
	}

	private List<String> entries() throws Exception {
		return String.valueOf(this.redis.ask("EVAL", EVENTS, "0")).lines().filter((line) -> !line.isEmpty()).toList();
	}

	private static void within30s(ThrowingRunnable assertion) {
		await().atMost(Duration.ofSeconds(30)).ignoreExceptions().untilAsserted(assertion);
	}

}

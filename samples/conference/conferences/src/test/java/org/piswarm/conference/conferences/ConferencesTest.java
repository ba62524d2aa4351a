package org.piswarm.conference.conferences;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.piswarm.testsupport.JsonClient;
import org.piswarm.testsupport.JsonClient.Answer;
import org.piswarm.testsupport.TestApplication;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What a client of conferences sees, whatever the database. No Redis runs here. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class ConferencesTest {

	private static final String PI_DAYS = """
			{"name": " Pi Days ", "starts": "2027-03-14", "ends": "2027-03-15", "description": "Two days"}""";

	private TestApplication conferences;

	private JsonClient client;

	abstract String database(Path directory) throws Exception;

	@BeforeAll
	void start(@TempDir Path directory) throws Exception {
		// Nothing listens on port 1: what is published is the topic of OutboxTests.
		this.conferences = new TestApplication(ConferencesApplication.class, "--REDIS_URL=redis://127.0.0.1:1",
				"--DATABASE_URL=" + database(directory), "--DATABASE_USER=postgres");
		this.client = new JsonClient(this.conferences.url());
	}

	@AfterAll
	void stop() {
		if (this.conferences != null) {
			this.conferences.close();
		}
	}

	@Test
	void createsReadsUpdatesAndDeletes() throws Exception {
		Answer created = this.client.post("/conferences", PI_DAYS);
		assertThat(created.status()).isEqualTo(201);
		String href = created.header("Location");
		JsonNode json = created.json();
		assertThat(json.propertyNames()).containsExactlyInAnyOrder("href", "name", "starts", "ends", "description",
				"version", "changed");
		assertThat(json.path("href").asString()).isEqualTo(href);
		assertThat(json.path("name").asString()).isEqualTo("Pi Days");
		assertThat(this.client.get(href).json()).isEqualTo(json);
		assertThat(this.client.get("/conferences").json()).contains(json);

		Answer updated = this.client.put(href, PI_DAYS.replace("Pi Days", "Tau Days"));
		assertThat(updated.status()).isEqualTo(200);
		assertThat(updated.json().path("name").asString()).isEqualTo("Tau Days");
		assertThat(updated.json().path("version").asLong()).isGreaterThan(json.path("version").asLong());
		assertThat(this.client.get("/conferences").json()).contains(updated.json()).doesNotContain(json);

		assertThat(this.client.delete(href).status()).isEqualTo(204);
		assertThat(this.client.get(href).status()).isEqualTo(404);
		assertThat(this.client.get("/conferences").json()).doesNotContain(updated.json());
		assertThat(this.client.delete(href).detail()).isEqualTo("There is no conference "
				+ href.substring("/conferences/".length()) + ": GET /conferences lists all with their href");
	}

	@Test
	void theListHasAnEtagThatEachChangeChanges() throws Exception {
		String none = listEtag();
		String href = this.client.post("/conferences", PI_DAYS).header("Location");
		String created = listEtag();
		this.client.put(href, PI_DAYS);
		String updated = listEtag();
		this.client.delete(href);
		String deleted = listEtag();
		assertThat(List.of(none, created, updated, deleted)).doesNotHaveDuplicates();

		Answer same = this.client.get("/conferences", "If-None-Match", deleted);
		assertThat(same.status()).isEqualTo(304);
		assertThat(same.body()).isEmpty();
		assertThat(same.header("ETag")).isEqualTo(deleted);
		assertThat(this.client.get("/conferences", "If-None-Match", "W/" + deleted).status()).isEqualTo(304);
		assertThat(this.client.get("/conferences", "If-None-Match", updated + ", " + deleted).status()).isEqualTo(304);
		assertThat(this.client.get("/conferences", "If-None-Match", updated).status()).isEqualTo(200);
		// No ETag has this form.
		assertThat(this.client.get("/conferences", "If-None-Match", "7").status()).isEqualTo(200);
		assertThat(this.client.get("/conferences").header("Revision"))
			.isEqualTo(deleted.substring(1, deleted.length() - 1));
	}

	private String listEtag() throws Exception {
		return this.client.get("/conferences").header("ETag");
	}

	@Test
	void aChangeCanDependOnAnEtag() throws Exception {
		Answer created = this.client.post("/conferences", PI_DAYS);
		String href = created.header("Location");
		Answer updated = this.client.put(href, PI_DAYS, "If-Match", created.header("ETag"));
		assertThat(updated.status()).isEqualTo(200);
		Answer refused = this.client.put(href, PI_DAYS, "If-Match", created.header("ETag"));
		assertThat(refused.status()).isEqualTo(412);
		assertThat(refused.detail()).isEqualTo("The conference has the ETag " + updated.header("ETag")
				+ " now, which is not in If-Match: read it again, and send its ETag as it is");
		assertThat(this.client.delete(href, "If-Match", created.header("ETag")).status()).isEqualTo(412);
		assertThat(this.client.put(href, PI_DAYS, "If-Match", "\"1\", W/" + updated.header("ETag")).status())
			.isEqualTo(412);
		Answer again = this.client.put(href, PI_DAYS, "If-Match", "\"1\", " + updated.header("ETag"));
		assertThat(again.status()).isEqualTo(200);
		assertThat(this.client.delete(href, "If-Match", again.header("ETag")).status()).isEqualTo(204);
	}

	@Test
	void saysWhatElseToSend() throws Exception {
		Answer form = this.client.post("/conferences", PI_DAYS, "Content-Type", "application/x-www-form-urlencoded");
		assertThat(form.status()).isEqualTo(415);
		assertThat(form.detail())
			.isEqualTo("The body must be JSON: send it with the header Content-Type: application/json");
		Answer path = this.client.get("/conference");
		assertThat(path.status()).isEqualTo(404);
		assertThat(path.detail()).isEqualTo("This service answers /conferences, and the href of each conference");
		Answer method = this.client.delete("/conferences");
		assertThat(method.status()).isEqualTo(405);
		assertThat(method.header("Allow")).contains("GET", "POST");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					{"starts": "2027-03-14", "ends": "2027-03-15"}            | name is missing: it must be a line of 1 to 200 characters, such as "Pi Days"
					{"name": " ", "starts": "2027-03-14", "ends": "2027-03-15"} | name=  is not allowed: it must be a line of 1 to 200 characters, such as "Pi Days"
					{"name": "A", "ends": "2027-03-15"}                       | starts is missing: it must be a date from 1900 to 9999, such as 2027-03-14
					{"name": "A", "starts": "soon", "ends": "2027-03-15"}     | starts=soon is not allowed: it must be a date from 1900 to 9999, such as 2027-03-14
					{"name": "A", "starts": "2027-03-14", "ends": "2027-03-13"} | ends=2027-03-13 is not allowed: it must be the day of starts, which is 2027-03-14, or a later one
					{"name":                                                  | The body cannot be read: it must be JSON such as {"name":"Pi Days","starts":"2027-03-14","ends":"2027-03-15","description":""}
					""",
			quoteCharacter = '\'')
	void refusesBadInput(String body, String detail) throws Exception {
		String before = listEtag();
		Answer answer = this.client.post("/conferences", body);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
		assertThat(answer.detail()).isEqualTo(detail);
		assertThat(listEtag()).isEqualTo(before);
	}

	@Test
	void refusesWhatIsTooLong() throws Exception {
		Answer name = this.client.post("/conferences", PI_DAYS.replace(" Pi Days ", "x".repeat(201)));
		assertThat(name.status()).isEqualTo(400);
		assertThat(name.detail()).startsWith("name=" + "x".repeat(50) + "… is not allowed: ");
		assertThat(this.client.post("/conferences", PI_DAYS.replace("Two days", "x".repeat(500))).status())
			.isEqualTo(201);
		assertThat(this.client.post("/conferences", PI_DAYS.replace("Two days", "x".repeat(501))).status())
			.isEqualTo(400);
		Answer body = this.client.post("/conferences", PI_DAYS.replace("Two days", "x".repeat(20_000)));
		assertThat(body.status()).isEqualTo(413);
		assertThat(body.detail()).isEqualTo("The body is too long: it must have at most 16 KB");
		assertThat(this.client.post("/conferences", PI_DAYS.replace("Pi Days", "😀".repeat(100))).status())
			.isEqualTo(201);
	}

	/**
	 * Half of a surrogate pair: JSON can have it only as an escape, so no answer could.
	 */
	@Test
	void refusesHalfACharacter() throws Exception {
		Answer name = this.client.post("/conferences", PI_DAYS.replace("Pi Days", "Pi \\ud83d Days"));
		assertThat(name.status()).isEqualTo(400);
		assertThat(name.detail()).startsWith("name= Pi ? Days  is not allowed: ");
		assertThat(this.client.post("/conferences", PI_DAYS.replace("Two days", "\\ud83d")).status()).isEqualTo(400);
		// Its first 50 characters are not 50 pairs of bytes.
		Answer cut = this.client.post("/conferences", PI_DAYS.replace(" Pi Days ", "x" + "😀".repeat(110)));
		assertThat(cut.status()).isEqualTo(400);
		assertThat(cut.detail()).startsWith("name=x😀😀").contains("😀… is not allowed: ");
		assertThat(this.client.get("/conferences").status()).isEqualTo(200);
	}

	@Test
	void refusesMoreConferencesThanItCanList() throws Exception {
		JdbcTemplate database = this.conferences.bean(JdbcTemplate.class);
		List<Object[]> many = new ArrayList<>();
		for (int i = 0; i < 1000; i++) {
			many.add(new Object[] { UUID.randomUUID() });
		}
		database.batchUpdate("insert into conference (id, name, starts, ends, description, version, changed) "
				+ "values (?, 'many', '2027-03-14', '2027-03-15', '', 1, current_timestamp)", many);
		try {
			Answer answer = this.client.post("/conferences", PI_DAYS);
			assertThat(answer.status()).isEqualTo(409);
			assertThat(answer.detail()).contains("and no more fit: delete old ones");
			assertThat(this.client.get("/conferences").json().size()).isGreaterThanOrEqualTo(1000);
		}
		finally {
			database.update("delete from conference where name = 'many'");
		}
		assertThat(this.client.post("/conferences", PI_DAYS).status()).isEqualTo(201);
	}

	/** It answers, so it is no use to try again. */
	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void saysThatTheDatabaseRefusesAndLogsWhyOnce(CapturedOutput output) throws Exception {
		JdbcTemplate database = this.conferences.bean(JdbcTemplate.class);
		database.execute("alter table conference rename to lost");
		try {
			for (int i = 0; i < 3; i++) {
				Answer answer = this.client.get("/conferences");
				assertThat(answer.status()).isEqualTo(500);
				assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
				assertThat(answer.detail())
					.matches("database: refused \\(SQLSTATE 42\\w{3}\\): the log of this service says why");
			}
		}
		finally {
			database.execute("alter table lost rename to conference");
		}
		assertThat(output.getOut().lines().filter((line) -> line.contains("database: "))).singleElement()
			.asString()
			.containsPattern("database: refused \\(SQLSTATE 42\\w{3}\\): .*conference");
	}

	@Test
	void changesAtTheSameTimeAreInOneOrder() throws Exception {
		String href = this.client.post("/conferences", PI_DAYS).header("Location");
		long before = this.client.get(href).json().path("version").asLong();
		ExecutorService clients = Executors.newFixedThreadPool(8);
		try {
			List<Callable<Answer>> puts = new ArrayList<>();
			for (int i = 0; i < 40; i++) {
				puts.add(() -> this.client.put(href, PI_DAYS));
			}
			List<Long> versions = new ArrayList<>();
			for (Future<Answer> put : clients.invokeAll(puts, 60, TimeUnit.SECONDS)) {
				assertThat(put.get().status()).isEqualTo(200);
				versions.add(put.get().json().path("version").asLong());
			}
			assertThat(versions).doesNotHaveDuplicates().allMatch((version) -> version > before);
			assertThat(this.client.get(href).json().path("version").asLong())
				.isEqualTo(versions.stream().max(Long::compareTo).orElseThrow());
			// So that a receiver of events sees if one is missing.
			assertThat(versions.stream().max(Long::compareTo)).hasValue(before + 40);
		}
		finally {
			clients.shutdownNow();
		}
	}

	@Test
	void isAliveAndShowsWhatWaits() throws Exception {
		this.client.post("/conferences", PI_DAYS);
		assertThat(this.client.get("/livez").status()).isEqualTo(200);
		await().atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(this.client.get("/actuator/prometheus").body())
				.containsPattern("outbox_waiting\\{.*} [1-9]"));
	}

}

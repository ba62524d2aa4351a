package org.piswarm.conference.attendees;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.piswarm.conference.attendees.ConferencesClient.ConferenceList;
import org.piswarm.testsupport.JsonClient;
import org.piswarm.testsupport.JsonClient.Answer;
import org.piswarm.testsupport.TestApplication;
import tools.jackson.databind.JsonNode;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/** What a client of attendees sees, whatever the database. The other service is down. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class AttendeesTest {

	private TestApplication attendees;

	private JsonClient client;

	private ConferenceCopies copies;

	abstract String database(Path directory) throws Exception;

	@BeforeAll
	void start(@TempDir Path directory) throws Exception {
		// Nothing listens on port 1.
		this.attendees = new TestApplication(AttendeesApplication.class, "--SYNC=poll", "--POLL_INTERVAL=1h",
				"--CONFERENCES_URL=http://127.0.0.1:1", "--DATABASE_URL=" + database(directory),
				"--DATABASE_USER=postgres");
		this.client = new JsonClient(this.attendees.url());
		this.copies = this.attendees.bean(ConferenceCopies.class);
	}

	@AfterAll
	void stop() {
		if (this.attendees != null) {
			this.attendees.close();
		}
	}

	static RemoteConference conference(String id, long version, boolean deleted) {
		return new RemoteConference("/conferences/" + id, "Conference " + version, LocalDate.parse("2027-03-14"),
				LocalDate.parse("2027-03-15"), version, Instant.now(), deleted);
	}

	private static String person(String email, String conference) {
		return "{\"name\": \"Ada\", \"email\": \"%s\", \"company\": \"Engines\", \"conference\": \"/conferences/%s\"}"
			.formatted(email, conference);
	}

	private Answer of(String id) throws Exception {
		return this.client
			.get("/attendees?conference=" + URLEncoder.encode("/conferences/" + id, StandardCharsets.UTF_8));
	}

	@Test
	void registersAPersonOnce() throws Exception {
		this.copies.apply(conference("once", 1, false));
		Answer created = this.client.post("/attendees", person("Ada@Example.org", "once"));
		assertThat(created.status()).isEqualTo(201);
		JsonNode json = created.json();
		assertThat(json.path("email").asString()).isEqualTo("ada@example.org");
		assertThat(json.path("conference").asString()).isEqualTo("/conferences/once");
		assertThat(json.path("conferenceName").asString()).isEqualTo("Conference 1");
		assertThat(this.client.get(created.header("Location")).json()).isEqualTo(json);

		Answer again = this.client.post("/attendees", person("ada@example.org", "once"));
		assertThat(again.status()).isEqualTo(409);
		assertThat(again.detail()).isEqualTo("ada@example.org is registered for Conference 1, as "
				+ created.header("Location") + ": there is nothing to do");
		assertThat(of("once").json()).containsExactly(json);

		// For another conference, it is another registration.
		this.copies.apply(conference("other", 1, false));
		assertThat(this.client.post("/attendees", person("ada@example.org", "other")).status()).isEqualTo(201);
	}

	@Test
	void listsPageByPage() throws Exception {
		this.copies.apply(conference("pages", 1, false));
		for (int i = 0; i < 5; i++) {
			this.client.post("/attendees", person("p%d@example.org".formatted(i), "pages"));
		}
		String all = "/attendees?conference=/conferences/pages&limit=3";
		JsonNode first = this.client.get(all).json();
		assertThat(first).hasSize(3);
		JsonNode second = this.client.get(all + "&after=" + first.get(2).path("id").asLong()).json();
		assertThat(second).extracting((person) -> person.path("email").asString())
			.containsExactly("p3@example.org", "p4@example.org");
		assertThat(this.client.get("/api/live?after=x").detail())
			.isEqualTo("after=x is not allowed: it must be a number from 0 to " + Long.MAX_VALUE);
		assertThat(this.client.get(all + "0000").detail())
			.isEqualTo("limit=30000 is not allowed: it must be a number from 1 to 1000");
	}

	@Test
	void listsCopiesPageByPageAndTheDeletedOnesLast() throws Exception {
		this.copies.apply(conference("copies-1", 1, true));
		for (int i = 2; i <= 5; i++) {
			this.copies.apply(conference("copies-" + i, 1, false));
		}
		List<String> hrefs = new ArrayList<>();
		String after = "";
		for (JsonNode page = copies(after); !page.isEmpty(); page = copies(after)) {
			assertThat(page.size()).isLessThanOrEqualTo(2);
			page.forEach((copy) -> hrefs.add(copy.path("href").asString()));
			JsonNode last = page.get(page.size() - 1);
			after = "&after=%s&deleted=%s".formatted(last.path("href").asString(), last.path("deleted").asBoolean());
		}
		JsonNode all = this.client.get("/conferences").json();
		assertThat(hrefs)
			.containsExactlyElementsOf(all.valueStream().map((copy) -> copy.path("href").asString()).toList());
		assertThat(hrefs).filteredOn((href) -> href.startsWith("/conferences/copies-"))
			.containsExactly("/conferences/copies-2", "/conferences/copies-3", "/conferences/copies-4",
					"/conferences/copies-5", "/conferences/copies-1");
		assertThat(this.client.get("/conferences?limit=1001").detail())
			.isEqualTo("limit=1001 is not allowed: it must be a number from 1 to 1000");
		// PostgreSQL would refuse the question.
		assertThat(this.client.get("/conferences?after=%00").status()).isEqualTo(400);
		assertThat(this.client.get("/conferences?deleted=x").detail())
			.isEqualTo("deleted=x is not allowed: it must be true or false");
	}

	private JsonNode copies(String after) throws Exception {
		return this.client.get("/conferences?limit=2" + after).json();
	}

	@Test
	void saysThatTheDatabaseRefuses() throws Exception {
		JdbcTemplate database = this.attendees.bean(JdbcTemplate.class);
		database.execute("alter table set_aside rename to lost");
		try {
			Answer answer = this.client.get("/set-aside");
			assertThat(answer.status()).isEqualTo(500);
			assertThat(answer.detail()).startsWith("database: refused (SQLSTATE 42");
		}
		finally {
			database.execute("alter table lost rename to set_aside");
		}
	}

	@Test
	void refusesABodyThatIsTooLong() throws Exception {
		Answer answer = this.client.post("/attendees", person("x".repeat(20_000), "x"));
		assertThat(answer.status()).isEqualTo(413);
		assertThat(answer.detail()).isEqualTo("The body is too long: it must have at most 16 KB");
	}

	@Test
	void saysWhatElseToSend() throws Exception {
		Answer form = this.client.post("/attendees", person("ada@example.org", "x"), "Content-Type",
				"application/x-www-form-urlencoded");
		assertThat(form.status()).isEqualTo(415);
		assertThat(form.detail())
			.isEqualTo("The body must be JSON: send it with the header Content-Type: application/json");
		Answer path = this.client.get("/attendee");
		assertThat(path.status()).isEqualTo(404);
		assertThat(path.detail())
			.isEqualTo("This service answers /attendees, /attendees/ID, /conferences and /set-aside; its page is /");
		Answer method = this.client.delete("/attendees");
		assertThat(method.status()).isEqualTo(405);
		assertThat(method.header("Allow")).contains("GET", "POST");
	}

	@Test
	void refusesAnUnknownConference() throws Exception {
		Answer answer = this.client.post("/attendees", person("ada@example.org", "unknown"));
		assertThat(answer.status()).isEqualTo(422);
		assertThat(answer.detail()).isEqualTo("No conference with this href is known here: "
				+ "GET /conferences lists those that are. If it is new, try again later");
		assertThat(of("unknown").status()).isEqualTo(404);
		// PostgreSQL would refuse the question.
		assertThat(this.client.post("/attendees", person("ada@example.org", "\\u0000")).status()).isEqualTo(400);
		assertThat(of("\0").status()).isEqualTo(400);
		assertThat(this.client.get("/attendees?conference=http://localhost/conferences/unknown").detail())
			.isEqualTo("conference=http://localhost/conferences/unknown is not allowed: "
					+ "it must be the href of a conference, as GET /conferences lists it");
		assertThat(this.client.get("/attendees/999999").status()).isEqualTo(404);
		assertThat(this.client.get("/attendees/x").status()).isEqualTo(404);
		assertThat(this.client.get("/attendees").detail())
			.isEqualTo("conference is missing: it must be the href of a conference, as GET /conferences lists it");
	}

	@Test
	void keepsTheAttendeesOfADeletedConferenceAndTakesNoMore() throws Exception {
		this.copies.apply(conference("deleted", 1, false));
		this.client.post("/attendees", person("ada@example.org", "deleted"));
		this.copies.apply(conference("deleted", 2, true));
		Answer answer = this.client.post("/attendees", person("bob@example.org", "deleted"));
		assertThat(answer.status()).isEqualTo(409);
		assertThat(answer.detail())
			.isEqualTo("Conference 2 was deleted: choose another conference of GET /conferences");
		assertThat(of("deleted").json()).singleElement().satisfies((person) -> {
			assertThat(person.path("email").asString()).isEqualTo("ada@example.org");
			assertThat(person.path("conferenceDeleted").asBoolean()).isTrue();
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					{"email": "a@b", "conference": "x"}                  | name is missing: it must be a line of 1 to 200 characters, such as Ada Lovelace
					{"name": "Ada", "email": "a", "conference": "x"}     | email=a is not allowed: it must be a line of 3 to 200 characters, such as ada@example.org
					{"name": "A\\ud83d", "email": "a@b", "conference": "x"} | name=A? is not allowed: it must be a line of 1 to 200 characters, such as Ada Lovelace
					{"name": "Ada", "email": "a b@c", "conference": "x"} | email=a b@c is not allowed: it must be an address such as ada@example.org
					{"name": "Ada", "email": "a@b"}                      | conference is missing: it must be the href of a conference, as GET /conferences lists it
					[]                                                   | The body cannot be read: it must be JSON such as {"name":"Ada","email":"ada@example.org","company":"","conference":"/conferences/..."}
					""",
			quoteCharacter = '\'')
	void refusesBadInput(String body, String detail) throws Exception {
		Answer answer = this.client.post("/attendees", body);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.detail()).isEqualTo(detail);
	}

	@Test
	void refusesAnAddressThatIsTooLongInSmallLetters() throws Exception {
		this.copies.apply(conference("letters", 1, false));
		assertThat(this.client.post("/attendees", person("İ".repeat(150) + "@b", "letters")).status()).isEqualTo(400);
	}

	@Test
	void aNewerVersionReplacesAnOlderOneInWhicheverOrderTheyCome() throws Exception {
		assertThat(this.copies.apply(conference("order", 5, false))).isTrue();
		assertThat(this.copies.apply(conference("order", 4, false))).isFalse();
		assertThat(this.copies.apply(conference("order", 5, false))).isFalse();
		assertThat(name("order")).isEqualTo("Conference 5");
		assertThat(this.copies.apply(conference("order", 7, true))).isTrue();
		assertThat(this.copies.apply(conference("order", 6, false))).isFalse();
		assertThat(this.copies.find("/conferences/order").orElseThrow().deleted()).isTrue();
	}

	@Test
	void whatIsMissingInAListIsDeletedUnlessItIsNewer() throws Exception {
		this.copies.apply(conference("old", 10, false));
		this.copies.apply(conference("new", 1_000_012, false));
		this.copies.replace(new ConferenceList(List.of(conference("listed", 11, false)), 1_000_011, "\"1\""));
		assertThat(this.copies.find("/conferences/old").orElseThrow().deleted()).isTrue();
		assertThat(this.copies.find("/conferences/new").orElseThrow().deleted()).isFalse();
		assertThat(this.copies.find("/conferences/listed").orElseThrow().deleted()).isFalse();
	}

	/** The table must not grow forever. */
	@Test
	void oldDeletionsAreForgottenUnlessThereAreAttendees() throws Exception {
		this.copies.apply(conference("nobody", 2_000_001, false));
		this.copies.apply(conference("nobody", 2_000_002, true));
		this.copies.apply(conference("somebody", 2_000_003, false));
		this.client.post("/attendees", person("ada@example.org", "somebody"));
		this.copies.apply(conference("somebody", 2_000_004, true));
		this.copies.apply(conference("late", 2_010_002, true));
		assertThat(this.copies.find("/conferences/nobody")).isPresent();
		this.copies.apply(conference("later", 2_010_003, true));
		assertThat(this.copies.find("/conferences/nobody")).isEmpty();
		assertThat(of("somebody").json()).hasSize(1);
	}

	private String name(String id) {
		return this.copies.find("/conferences/" + id).orElseThrow().name();
	}

	@Test
	void isAliveWithoutTheOtherService() throws Exception {
		assertThat(this.client.get("/livez").status()).isEqualTo(200);
		assertThat(this.client.get("/readyz").status()).isEqualTo(200);
	}

}

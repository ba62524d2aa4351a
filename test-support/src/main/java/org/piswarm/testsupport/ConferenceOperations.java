package org.piswarm.testsupport;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.piswarm.testsupport.JsonClient.Answer;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Random requests to the services of samples/conference, one after the other, and what
 * their clients know afterwards. What a request without an answer asks for may be done or
 * not, or much later, when a cable is plugged in again. The same is true for 503.
 */
public final class ConferenceOperations {

	private static final int PEOPLE = 30;

	private final JsonClient conferences;

	/** The replicas of each attendees, by the name of their database. */
	private final Map<String, List<JsonClient>> attendees;

	private final Random random;

	/** What was created and not deleted, with the version that was last confirmed. */
	private final Map<String, Long> existing = new LinkedHashMap<>();

	/** What may have a newer version than the one that was last confirmed. */
	private final Set<String> perhapsUpdated = new HashSet<>();

	private final Set<String> perhapsDeleted = new HashSet<>();

	private final Set<String> deleted = new HashSet<>();

	private final Set<Registration> registered = new HashSet<>();

	private final Set<Registration> perhapsRegistered = new HashSet<>();

	private final Map<String, Integer> fulfilled = new ConcurrentHashMap<>();

	private final AtomicInteger unanswered = new AtomicInteger();

	/**
	 * Creates clients.
	 * @param attendees the replicas of each attendees, by the name of their database
	 * @param random decides on the requests
	 */
	public ConferenceOperations(JsonClient conferences, Map<String, List<JsonClient>> attendees, Random random) {
		this.conferences = conferences;
		this.attendees = new TreeMap<>(attendees);
		this.random = random;
	}

	/** Sends one request. Fails if its answer is wrong. */
	public void next() throws InterruptedException {
		try {
			send();
		}
		catch (IOException ex) {
			this.unanswered.incrementAndGet();
		}
	}

	private void send() throws IOException, InterruptedException {
		int die = this.random.nextInt(100);
		if (this.existing.isEmpty() || die < 10) {
			create();
		}
		else if (die < 45) {
			update(any(this.existing.keySet()));
		}
		else if (die < 52) {
			delete(any(this.existing.keySet()));
		}
		else {
			register(any(this.existing.keySet()));
		}
	}

	private String any(Set<String> names) {
		return List.copyOf(names).get(this.random.nextInt(names.size()));
	}

	private String conference() {
		return "{\"name\": \"Conference %d\", \"starts\": \"2027-03-14\", \"ends\": \"2027-03-15\"}"
			.formatted(this.random.nextInt(1_000_000));
	}

	private void create() throws IOException, InterruptedException {
		Answer answer = this.conferences.post("/conferences", conference());
		assertThat(answer.status()).as(answer.body()).isIn(201, 503);
		if (answer.status() == 201) {
			this.existing.put(answer.header("Location"), answer.json().path("version").asLong());
			fulfilled("conferences");
		}
	}

	private void update(String href) throws IOException, InterruptedException {
		boolean before = !this.perhapsUpdated.add(href);
		Answer answer = this.conferences.put(href, conference());
		assertThat(answer.status()).as(answer.body()).isIn(200, 404, 503);
		if (answer.status() == 404) {
			assertThat(this.perhapsDeleted).contains(href);
			deleted(href);
		}
		else if (answer.status() == 200) {
			long version = answer.json().path("version").asLong();
			assertThat(version).as(href).isGreaterThan(confirmed(href));
			this.existing.put(href, version);
			// The requests to delete it had an older version.
			this.perhapsDeleted.remove(href);
			if (!before) {
				this.perhapsUpdated.remove(href);
			}
			fulfilled("conferences");
		}
	}

	/**
	 * Deletes the version that was last confirmed. Without this condition, a request that
	 * was lost could delete the conference at any later time, and a test could not say
	 * which ones must exist.
	 */
	private void delete(String href) throws IOException, InterruptedException {
		boolean before = !this.perhapsDeleted.add(href);
		Answer answer = this.conferences.delete(href, "If-Match", "\"" + confirmed(href) + "\"");
		assertThat(answer.status()).as(answer.body()).isIn(204, 404, 412, 503);
		if (answer.status() == 404) {
			assertThat(before).as("%s was not deleted", href).isTrue();
		}
		if (answer.status() == 412) {
			assertThat(this.perhapsUpdated).as(answer.body()).contains(href);
			this.perhapsDeleted.remove(href);
		}
		else if (answer.status() != 503) {
			deleted(href);
		}
	}

	private long confirmed(String href) {
		return Objects.requireNonNull(this.existing.get(href), href);
	}

	private void deleted(String href) {
		this.existing.remove(href);
		this.deleted.add(href);
	}

	private void register(String href) throws IOException, InterruptedException {
		String database = any(this.attendees.keySet());
		List<JsonClient> replicas = replicas(database);
		Registration registration = new Registration(database, href,
				"p%d@example.org".formatted(this.random.nextInt(PEOPLE)));
		boolean before = !this.perhapsRegistered.add(registration);
		Answer answer = replicas.get(this.random.nextInt(replicas.size()))
			.post("/attendees", "{\"name\": \"A\", \"email\": \"%s\", \"conference\": \"%s\"}"
				.formatted(registration.email(), href));
		assertThat(answer.status()).as(answer.body()).isIn(201, 409, 422, 503);
		boolean already = answer.status() == 409 && answer.body().contains("Registered already");
		if (already) {
			assertThat(before).as("was never registered: %s", registration).isTrue();
		}
		if (answer.status() == 201) {
			assertThat(this.registered).as("registered twice").doesNotContain(registration);
		}
		if (answer.status() == 201 || already) {
			this.registered.add(registration);
			fulfilled(database);
		}
		else if (!before && answer.status() != 503) {
			this.perhapsRegistered.remove(registration);
		}
	}

	private List<JsonClient> replicas(String database) {
		return Objects.requireNonNull(this.attendees.get(database), database);
	}

	private void fulfilled(String service) {
		this.fulfilled.merge(service, 1, Integer::sum);
	}

	/**
	 * How many requests conferences and each attendees have fulfilled, also while another
	 * thread sends one.
	 */
	public Map<String, Integer> fulfilled() {
		return new TreeMap<>(this.fulfilled);
	}

	public String summary() {
		return "%s requests fulfilled, %d without an answer".formatted(fulfilled(), this.unanswered.get());
	}

	/** What a service knows of the conferences that exist. */
	public static Map<String, Known> known(JsonClient service) throws IOException, InterruptedException {
		Map<String, Known> known = new TreeMap<>();
		Answer answer = service.get("/conferences");
		assertThat(answer.status()).as(answer.body()).isEqualTo(200);
		for (JsonNode conference : answer.json()) {
			if (!conference.path("deleted").asBoolean(false)) {
				known.put(conference.path("href").asString(),
						new Known(conference.path("version").asLong(), conference.path("name").asString()));
			}
		}
		return known;
	}

	/**
	 * Checks that conferences has all that was created, with each change that was
	 * confirmed or with a later one, and nothing that was deleted.
	 */
	public void assertThatNoneIsLost(Map<String, Known> conferences) {
		assertThat(conferences.keySet()).doesNotContainAnyElementsOf(this.deleted);
		this.existing.forEach((href, version) -> {
			Known known = conferences.get(href);
			if (known != null) {
				assertThat(known.version()).as(href).isGreaterThanOrEqualTo(version);
			}
			else {
				assertThat(this.perhapsDeleted).as("may be missing").contains(href);
			}
		});
	}

	/** Checks that each registration that was confirmed is there, and each only once. */
	public void assertThatRegistrationsAreRight() throws IOException, InterruptedException {
		Set<String> hrefs = new HashSet<>(this.existing.keySet());
		hrefs.addAll(this.deleted);
		List<Registration> found = new ArrayList<>();
		for (String database : this.attendees.keySet()) {
			for (String href : hrefs) {
				Answer answer = replicas(database).get(0).get("/attendees?limit=1000&conference=" + href);
				// A poll does not see a conference that is deleted before it.
				assertThat(answer.status()).as(answer.body()).isIn(200, 404);
				if (answer.status() == 200) {
					answer.json()
						.forEach((person) -> found
							.add(new Registration(database, href, person.path("email").asString())));
				}
			}
		}
		assertThat(found).doesNotHaveDuplicates().containsAll(this.registered);
		assertThat(this.perhapsRegistered).containsAll(found);
	}

	/** A conference, as a service knows it. */
	public record Known(long version, String name) {

	}

	/** A person at a conference, in one of the databases. */
	private record Registration(String database, String conference, String email) {

	}

}

package org.piswarm.conference.attendees;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import mockwebserver3.MockResponse;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.piswarm.testsupport.Browser;
import org.piswarm.testsupport.Cable;
import org.piswarm.testsupport.JsonClient;
import org.piswarm.testsupport.RedisServer;
import org.piswarm.testsupport.Started;
import org.piswarm.testsupport.TestApplication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The page as a user sees it, in a browser of this machine. */
@EnabledIf(value = "org.piswarm.testsupport.Browser#isInstalled",
		disabledReason = "chromium or chromium-driver is not installed")
@Tag("slow")
class PageTests {

	private Path directory;

	private Browser browser;

	private FakeConferences conferences;

	private final Started started = new Started();

	@BeforeEach
	void start(@TempDir Path directory) throws IOException {
		this.directory = directory;
		this.conferences = this.started.add(new FakeConferences());
		this.conferences.set("a", "A");
		this.conferences.set("b", "B");
		this.browser = this.started.add(new Browser());
		this.browser.command("Emulation.setLocaleOverride", Map.of("locale", "en-GB"));
		this.browser.resize(1280, 900, 1);
	}

	@AfterEach
	void stop() throws Exception {
		this.started.close();
	}

	/**
	 * Starts an attendees that knows two conferences, and opens its page.
	 * @return the cable from the browser
	 */
	private Cable open(String sync, String conferences, String redis) throws IOException {
		TestApplication attendees = attendees("data", sync, conferences, redis);
		// Otherwise the page may see that it has not yet tried, and show an event.
		JsonClient client = new JsonClient(attendees.url());
		withinAMinute(() -> assertThat(client.get("/api/live").json().at("/view/failure").isNull()).isTrue());
		Cable cable = this.started.add(new Cable(attendees.port()));
		this.browser.open("http://127.0.0.1:%d/".formatted(cable.port()));
		awaitState("instep", "In step", "Edit a conference, and see how old its copy gets.");
		return cable;
	}

	private TestApplication attendees(String database, String sync, String conferences, String redis) {
		return this.started.add(new TestApplication(AttendeesApplication.class, "--SYNC=" + sync, "--POLL_INTERVAL=1s",
				"--CONFERENCES_URL=" + conferences, "--REDIS_URL=" + redis,
				"--DATABASE_URL=jdbc:h2:file:" + this.directory.resolve(database)));
	}

	/** Swarm leads to any of them. */
	@Test
	void beginsAgainIfAnotherReplicaAnswers() throws Exception {
		Cable cable = open("poll", this.conferences.url(), "redis://127.0.0.1:1");
		awaitText("changes", "2");
		this.conferences.set("a", "A2");
		awaitText("changes", "3");
		assertThat(this.browser.text("staleness")).isNotEqualTo("–");
		TestApplication other = attendees("other", "poll", this.conferences.url(), "redis://127.0.0.1:1");
		cable.leadTo(other.port());
		cable.breakConnections();
		// What it has applied, which is two old changes.
		awaitText("changes", "2");
		assertThat(this.browser.text("staleness")).isEqualTo("–");
		for (int i = 3; i <= 5; i++) {
			this.conferences.set("a", "A" + i);
			awaitText("changes", Integer.toString(i));
		}
		assertThat(this.browser.text("staleness")).isNotEqualTo("–");
		assertThat(this.browser.<String>run("return document.getElementById('graph').getAttribute('aria-label')"))
			.startsWith("Chart of the staleness of 3 changes ");
	}

	/** One story, because each state needs some seconds to begin. */
	@Test
	void showsHowOldCopiesAreAndWhatIsWrong() throws Exception {
		Cable toConferences = this.started.add(new Cable(URI.create(this.conferences.url()).getPort()));
		Cable toAttendees = open("poll", "http://127.0.0.1:" + toConferences.port(), "redis://127.0.0.1:1");
		assertThat(this.browser.text("way")).isEqualTo("kept in step by polls, one each 1 s");
		awaitText("changes", "2");
		// How old they are is known from the first edit on.
		assertThat(this.browser.text("staleness")).isEqualTo("–");
		this.conferences.set("a", "A2");
		awaitText("changes", "3");
		assertThat(this.browser.text("staleness")).matches("\\d{1,3} ms|[1-9]\\d?\\.\\d s");
		assertThat(this.browser.text("median")).isEqualTo(this.browser.text("staleness"));
		this.conferences.set("b", "B2");
		awaitText("changes", "4");
		assertThat(this.browser.text("worst")).matches("\\d{1,3} ms|[1-9]\\d?\\.\\d s");
		assertThat(this.browser.<List<?>>run("return Chart.getChart('graph').data.datasets[0].data")).hasSize(2);
		assertThat(this.browser.<String>run("return document.getElementById('graph').getAttribute('aria-label')"))
			.startsWith("Chart of the staleness of 2 changes of the last 60 s: up to ");
		assertThat(this.browser.text("no-events")).isEqualTo("None.");
		fitsAndIsAccessible("instep");

		this.conferences.trouble((answer) -> new MockResponse.Builder().code(503).build());
		awaitState("behind", "Not in step", "conferences: status 503. attendees answers with the copies that it has.");
		toConferences.refuse();
		awaitState("behind", "Not in step", "conferences: connection refused.");
		assertThat(this.browser.texts("#events li").get(0)).contains("failure", "conferences: status 503");
		fitsAndIsAccessible("behind");
		// An edit that could not be seen for a while is as old.
		this.conferences.set("a", "A3");
		this.conferences.trouble((answer) -> answer);
		toConferences.acceptAgain();
		awaitState("instep", "In step", "Of several edits between two polls, only the last is measured.");
		awaitText("changes", "5");
		assertThat(this.browser.texts("#events .kind")).containsExactly("in step", "failure");

		assertThat(this.browser.errors()).isEmpty();
		assertThat(this.browser.requests()).filteredOn((address) -> address.startsWith("http"))
			.isNotEmpty()
			.allMatch((address) -> address.startsWith("http://127.0.0.1:"));
		toAttendees.silence(true);
		awaitState("lost", "attendees is not reachable", "It shows what it received before.");
		assertThat(this.browser.text("changes")).isEqualTo("5");
		fitsAndIsAccessible("lost");
		toAttendees.silence(false);
		toAttendees.breakConnections();
		awaitState("instep", "In step", "");
		assertThat(this.browser.texts("#events .kind")).containsExactly("in step", "no attendees", "in step",
				"failure");
	}

	@Test
	@EnabledIf(value = "org.piswarm.testsupport.RedisServer#isInstalled",
			disabledReason = "redis-server is not installed")
	void showsThatEventsAreMissing() throws Exception {
		RedisServer redis = this.started.add(new RedisServer());
		open("push", this.conferences.url(), redis.url());
		assertThat(this.browser.text("way")).isEqualTo("kept in step by events");
		assertThat(this.browser.text("state-reason")).doesNotContain("poll");
		redis.kill();
		awaitState("behind", "Not in step", "redis: connection refused");
		redis.startAgain();
		awaitState("instep", "In step", "");
	}

	private void awaitState(String state, String title, String reason) {
		withinAMinute(() -> {
			assertThat(this.browser.<String>run("return document.body.dataset.state")).isEqualTo(state);
			assertThat(this.browser.text("state-title")).isEqualTo(title);
			assertThat(this.browser.text("state-reason")).contains(reason);
		});
	}

	private void awaitText(String id, String text) {
		withinAMinute(() -> assertThat(this.browser.text(id)).isEqualTo(text));
	}

	/** On a phone in dark colours, and on a desktop in light ones. */
	private void fitsAndIsAccessible(String state) throws IOException {
		look(state, "phone", 390, "dark");
		look(state, "desktop", 1280, "light");
	}

	private void look(String state, String screen, int width, String scheme) throws IOException {
		this.browser.resize(width, 844, 1);
		this.browser.prefer(scheme);
		withinAMinute(() -> assertThat(this.browser.<Long>run("return document.documentElement.scrollWidth"))
			.isEqualTo(width));
		assertThat(this.browser.barriers()).as("%s, %s", state, screen).isEmpty();
		this.browser.screenshot(Path.of("target/screenshots/%s-%s.png".formatted(state, screen)), width, null);
	}

	@Test
	void hasTheColoursOfTheKitsOwnPage() throws IOException {
		Map<String, String> own = colours(Path.of("src/main/resources/page/page.css"));
		assertThat(own).isNotEmpty();
		assertThat(colours(Path.of("../../../consumer/src/main/resources/page/page.css"))).containsAllEntriesOf(own);
	}

	/** By their names, those for dark after those for light. */
	private static Map<String, String> colours(Path css) throws IOException {
		return Pattern.compile("(--[a-z-]+): (#[0-9a-f]+)")
			.matcher(Files.readString(css))
			.results()
			.collect(Collectors.toMap((MatchResult match) -> match.group(1), (match) -> match.group(2),
					(light, dark) -> light + " " + dark));
	}

	private static void withinAMinute(ThrowingRunnable assertion) {
		await().atMost(Duration.ofMinutes(1)).untilAsserted(assertion);
	}

}

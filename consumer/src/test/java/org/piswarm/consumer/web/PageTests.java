package org.piswarm.consumer.web;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;
import org.piswarm.consumer.polling.Poller;
import org.piswarm.consumer.state.PollCounts;
import org.piswarm.consumer.state.ProducerStatus;
import org.piswarm.consumer.state.ProducerStatus.State;
import org.piswarm.consumer.state.StateChanges;
import org.piswarm.testsupport.Browser;
import org.piswarm.testsupport.Cable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The page as a user sees it, in a browser of this machine. */
@EnabledIf(value = "org.piswarm.testsupport.Browser#isInstalled",
		disabledReason = "chromium or chromium-driver is not installed")
@Tag("slow")
class PageTests {

	private static PageConsumer consumer;

	private static Browser browser;

	/** The errors on the console that a test may cause. */
	private @Nullable String expectedError;

	@BeforeAll
	static void start() throws IOException {
		consumer = new PageConsumer("500ms", null);
		browser = new Browser();
	}

	@AfterAll
	static void stop() {
		if (browser != null) {
			browser.close();
		}
		if (consumer != null) {
			consumer.close();
		}
	}

	@BeforeEach
	void open() {
		consumer.answer(200);
		// The page of the previous test may lose its connection only now.
		browser.open("about:blank");
		browser.errors();
		browser.resize(1280, 900, 1);
		browser.prefer("light");
		browser.open(consumer.url());
		awaitState("receiving");
	}

	@AfterEach
	void findsNoErrorOnTheConsole() {
		String expected = this.expectedError;
		assertThat(browser.errors()).allMatch((error) -> expected != null && error.contains(expected));
	}

	@Test
	void showsTheNumbersOfBothReplicasAsTheyArrive() {
		String first = browser.text("number");
		long newest = newestTime("numbers");
		awaitUntil("the number changes", () -> assertThat(browser.text("number")).isNotEqualTo(first));
		awaitUntil("the charts move", () -> {
			assertThat(newestTime("numbers")).isGreaterThan(newest);
			assertThat(newestTime("latencies")).isGreaterThan(newest);
		});
		assertThat(browser.text("state-title")).isEqualTo("Receiving numbers");
		assertThat(browser.text("age")).matches("\\d+ s ago");
		assertThat(browser.text("pace")).contains("0.5 s");
		assertThat(browser.text("replica")).matches("producer-[12]");
		assertThat(browser.text("node")).matches("pi[13]");
		assertThat(browser.text("received")).matches("\\d+");
		assertThat(label("numbers")).matches("Chart of \\d+ numbers since .+: from \\d+ to \\d+, the newest is \\d+");
		assertThat(label("latencies")).startsWith("Chart of ").contains(" ms");

		awaitUntil("both replicas",
				() -> assertThat(browser.texts("#shares li")).hasSize(2)
					.allMatch((share) -> share.matches("(?s).*\\d+ %.*\\d+ numbers?.*"))
					.anyMatch((share) -> share.contains("producer-1 on pi1"))
					.anyMatch((share) -> share.contains("producer-2 on pi3")));
		assertThat(browser.texts("#shares .mark")).doesNotHaveDuplicates();
		assertThat(browser.texts("#events li")).anyMatch((event) -> event.contains("producer-2@pi3 answers"));
	}

	@ParameterizedTest
	@CsvSource({ "503, unreachable, Producer unreachable", "404, refused, Producer answers without a number" })
	void showsAnOutageWithinTwoPollsAndItsEnd(int status, String state, String title) {
		browser.run("""
				const [state] = arguments;
				new MutationObserver(() => {
					if (document.body.dataset.state === state) {
						window.failuresWhenShown ??= document.getElementById('failures').textContent;
					}
				}).observe(document.getElementById('failures'), { childList: true });
				new MutationObserver((changes) => window.readOut = (window.readOut ?? 0) + changes.length)
					.observe(document.getElementById('state'), { childList: true, characterData: true, subtree: true });
				""", state);
		PollCounts.Snapshot before = consumer.bean(PollCounts.class).snapshot();
		consumer.answer(status);
		awaitState(state);
		assertThat(browser.text("state-title")).isEqualTo(title);
		assertThat(browser.text("state-reason")).contains("status " + status);
		assertThat(Long.parseLong(browser.run("return window.failuresWhenShown"))).as("failures when it was shown")
			.isBetween(before.failed() + before.invalid() + 1, before.failed() + before.invalid() + 2);

		Long readOut = browser.run("return window.readOut");
		awaitUntil("the age grows", () -> assertThat(browser.text("state-age")).matches("Reading is [2-9] s old"));
		assertThat(browser.<Long>run("return window.readOut")).as("texts that are read out").isEqualTo(readOut);
		assertThat(browser.texts("#events .failure")).isNotEmpty();

		consumer.answer(200);
		awaitState("receiving");
		assertThat(browser.text("state-age")).isEmpty();
		assertThat(browser.texts("#events li").get(0)).contains("recovered", "Numbers arrive again");
	}

	@Test
	void showsAnErrorInTheConsumer() {
		Poller poller = consumer.bean(Poller.class);
		poller.stop();
		try {
			consumer.bean(ProducerStatus.class).failed(State.ERROR, "error in the consumer itself, see its log");
			consumer.bean(StateChanges.class).announce();
			awaitState("error");
			assertThat(browser.text("state-title")).isEqualTo("Error in the consumer");
			assertThat(browser.text("state-reason")).contains("see its log");
			assertThat(browser.text("state-age")).matches("Reading is \\d+ s old");
		}
		finally {
			poller.start();
		}
		awaitState("receiving");
	}

	@Test
	void continuesAfterARestartOfTheConsumer() {
		// The browser reports that its connection was refused.
		this.expectedError = "net::ERR_";
		browser.run("window.sameDocument = true");
		long newest = newestTime("numbers");
		consumer.restart(() -> {
			awaitState("lost");
			assertThat(browser.text("state-title")).isEqualTo("Consumer not reachable");
			assertThat(browser.text("state-age")).matches("Reading is \\d+ s old");
		});
		awaitState("receiving");
		awaitUntil("new points", () -> assertThat(newestTime("numbers")).isGreaterThan(newest));
		assertThat(times("numbers")).contains(newest).doesNotHaveDuplicates();
		assertThat(browser.texts("#events li")).anyMatch((event) -> event.contains("a restarted or another consumer"));
		assertThat(browser.<Boolean>run("return window.sameDocument")).as("was not reloaded").isTrue();
	}

	@Test
	void continuesWhenTheUserComesBackToIt() {
		browser.run("window.sameDocument = true");
		browser.open("about:blank");
		browser.back();
		String number = browser.text("number");
		awaitUntil("the number changes", () -> assertThat(browser.text("number")).isNotEqualTo(number));
		assertThat(browser.<Boolean>run("return window.sameDocument")).as("was kept").isTrue();
		assertThat(browser.text("state-title")).isEqualTo("Receiving numbers");
		assertThat(browser.texts("#events li")).noneMatch((event) -> event.contains("onnect"));
	}

	/** A browser opens six connections to one host. */
	@Test
	void holdsNoConnectionAfterTheUserLeaves() {
		for (int visit = 1; visit <= 7; visit++) {
			browser.open("about:blank");
			browser.open(consumer.url());
			awaitState("receiving");
		}
	}

	@Test
	void resumesAfterABrokenConnection() throws IOException {
		this.expectedError = "net::ERR_";
		try (Cable cable = new Cable(consumer.port())) {
			browser.open(url(cable.port()));
			awaitState("receiving");
			long newest = newestTime("numbers");
			cable.breakConnections();
			awaitState("lost");
			browser.requests();
			awaitState("receiving");
			awaitUntil("new points", () -> assertThat(newestTime("numbers")).isGreaterThan(newest));
			assertThat(browser.requests()).anyMatch((address) -> address.contains("/api/live?lastEventId="));
			assertThat(times("numbers")).contains(newest).doesNotHaveDuplicates();
			List<String> notices = browser.texts("#events li");
			assertThat(notices).filteredOn((event) -> event.contains("producer-1@pi1 answers")).hasSize(1);
		}
	}

	@Test
	void noticesAConnectionOnWhichNothingArrives() throws IOException {
		this.expectedError = "net::ERR_";
		// For the page, time passes eight times as fast.
		String fasterClock = "const now = Date.now, start = now(); Date.now = () => start + 8 * (now() - start)";
		Object script = browser.command("Page.addScriptToEvaluateOnNewDocument", Map.of("source", fasterClock))
			.get("identifier");
		try (Cable cable = new Cable(consumer.port())) {
			browser.open(url(cable.port()));
			awaitState("receiving");
			cable.silence(true);
			awaitState("lost");
			cable.silence(false);
			awaitState("receiving");
		}
		finally {
			browser.command("Page.removeScriptToEvaluateOnNewDocument", Map.of("identifier", String.valueOf(script)));
		}
	}

	@Test
	void requestsThisHostOnlyAndKeepsItsFiles() {
		// Those of the first visit.
		assertThat(browser.requests()).anyMatch((address) -> address.endsWith("/api/live"))
			.anyMatch((address) -> address.endsWith("/page/chart.umd.min.js"))
			.filteredOn((address) -> !address.startsWith("about:") && !address.startsWith("data:"))
			.allMatch((address) -> address.startsWith("http://127.0.0.1:"));

		browser.open(consumer.url());
		awaitState("receiving");
		// The server confirms with headers alone that the file has not changed.
		Long transferred = browser.run("""
				return performance.getEntriesByType('resource')
					.find(({ name }) => name.endsWith('chart.umd.min.js')).transferSize;
				""");
		assertThat(transferred).isLessThan(1000);
		assertThat(times("numbers")).isNotEmpty();

		this.expectedError = "Content Security Policy";
		browser
			.run("""
					document.addEventListener('securitypolicyviolation', (event) => window.violated = event.violatedDirective);
					fetch('http://127.0.0.2/').catch(() => {});
					""");
		awaitUntil("the policy forbids it",
				() -> assertThat(browser.<String>run("return window.violated")).isEqualTo("connect-src"));
	}

	@Test
	void fitsTheScreenAndIsAccessible() {
		browser.run("document.getElementById('details').open = true");
		awaitUntil("rows", () -> assertThat(browser.texts("#rows tr")).isNotEmpty());
		for (int width : List.of(360, 390, 1280, 1400)) {
			browser.resize(width, 844, 1);
			awaitUntil("no more than the width",
					() -> assertThat(browser.<Long>run("return document.documentElement.scrollWidth"))
						.isEqualTo(width));
			assertThat(browser.<Long>run("return document.getElementById('numbers').clientWidth")).isBetween(250L,
					(long) width);
		}
		for (int width : List.of(1280, 390)) {
			browser.resize(width, 844, 1);
			for (String scheme : List.of("light", "dark")) {
				browser.prefer(scheme);
				assertThat(browser.barriers()).as("%d, %s", width, scheme).isEmpty();
			}
		}
	}

	@Test
	void isAccessibleInEachState() throws IOException {
		// At the end of the cable.
		this.expectedError = "net::ERR_";
		try (Cable cable = new Cable(consumer.port())) {
			browser.open(url(cable.port()));
			awaitState("receiving");
			// From here on, no event changes the page.
			cable.silence(true);
			browser.run("""
					const kinds = ['replica-gone', 'retry', 'failure', 'recovery', 'consumer-lost', 'consumer-back'];
					document.getElementById('events').append(...kinds.map((kind) => {
						const item = document.createElement('li');
						item.append(document.createElement('span'));
						item.firstChild.className = `kind ${kind}`;
						item.firstChild.textContent = kind;
						return item;
					}));
					""");
			for (String scheme : List.of("light", "dark")) {
				browser.prefer(scheme);
				for (String state : List.of("connecting", "waiting", "unreachable", "refused", "error", "lost")) {
					browser.run("document.body.dataset.state = arguments[0]", state);
					assertThat(browser.barriers()).as("%s, %s", scheme, state).isEmpty();
				}
			}
		}
	}

	@Test
	void followsTheSystemFromLightToDark() {
		for (String scheme : List.of("light", "dark")) {
			browser.prefer(scheme);
			awaitUntil("colours of the charts", () -> {
				String text = browser
					.run("return getComputedStyle(document.documentElement).getPropertyValue('--muted').trim()");
				assertThat(text).isEqualTo("light".equals(scheme) ? "#56617a" : "#a0abc0");
				assertThat(browser.<String>run("return Chart.getChart('numbers').options.scales.x.ticks.color"))
					.isEqualTo(text);
			});
		}
	}

	@Test
	void isUsableByKeyboard() {
		browser.press(Keys.TAB);
		assertThat(browser.<String>run("return document.activeElement.getAttribute('aria-label')"))
			.isEqualTo("Events, newest first");
		browser.press(Keys.TAB);
		assertThat(browser.<String>run("return document.activeElement.localName")).isEqualTo("summary");
		assertThat(browser.<String>run("return getComputedStyle(document.activeElement).outlineStyle"))
			.isEqualTo("solid");
		browser.press(Keys.ENTER);
		awaitUntil("the table", () -> assertThat(browser.texts("#rows tr")).isNotEmpty());
	}

	private static void awaitState(String state) {
		awaitUntil("state",
				() -> assertThat(browser.<String>run("return document.body.dataset.state")).isEqualTo(state));
	}

	private static void awaitUntil(String what, Runnable assertion) {
		await(what).atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(100)).untilAsserted(assertion::run);
	}

	private static String url(int port) {
		return "http://127.0.0.1:%d/".formatted(port);
	}

	/** When the points of a chart were received, in milliseconds. */
	private static List<Long> times(String chart) {
		return browser.run("return Chart.getChart(arguments[0]).data.datasets[0].data.map(({ x }) => x)", chart);
	}

	private static long newestTime(String chart) {
		awaitUntil("points", () -> assertThat(times(chart)).isNotEmpty());
		List<Long> times = times(chart);
		return times.get(times.size() - 1);
	}

	private static String label(String chart) {
		return browser.run("return document.getElementById(arguments[0]).getAttribute('aria-label')", chart);
	}

}

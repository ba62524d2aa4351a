package org.piswarm.consumer;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The page as somebody sees it, in a browser of this machine. */
@EnabledIf(value = "org.piswarm.consumer.Browser#isInstalled",
		disabledReason = "chromium or chromium-driver is not installed")
class PageTests {

	/** Of the contexts that tests run side by side, the first to close takes all down. */
	private static ConfigurableApplicationContext consumer;

	private static Browser browser;

	private static final MockWebServer producer = new MockWebServer();

	/** The status of the producer's answers. */
	private static volatile int answers;

	/** The errors on the console that a test may cause. */
	private @Nullable String expectedError;

	@BeforeAll
	static void start() throws IOException {
		producer.setDispatcher(new TwoReplicas());
		producer.start();
		consumer = startConsumer(0, "1s");
		browser = new Browser();
	}

	@AfterAll
	static void stop() {
		if (browser != null) {
			browser.close();
		}
		consumer.close();
		MockProducer.close(producer);
	}

	@BeforeEach
	void open() {
		answers = 200;
		// The page of the test before may have lost its connection only now.
		browser.open("about:blank");
		browser.errors();
		browser.resize(1280, 900, 1);
		browser.prefer("light");
		browser.open(url(port()));
		awaitState("receiving");
	}

	@AfterEach
	void findNoErrorOnTheConsole() {
		String expected = this.expectedError;
		assertThat(browser.errors()).allMatch((error) -> expected != null && error.contains(expected));
	}

	@Test
	void showsTheNumbersAsTheyCome() {
		String first = browser.text("number");
		long newest = newestTime("numbers");
		awaitUntil("the number moves", () -> assertThat(browser.text("number")).isNotEqualTo(first));
		awaitUntil("the charts move", () -> {
			assertThat(newestTime("numbers")).isGreaterThan(newest);
			assertThat(newestTime("latencies")).isGreaterThan(newest);
		});
		assertThat(browser.text("state-title")).isEqualTo("Receiving numbers");
		assertThat(browser.text("age")).matches("\\d+ s ago");
		assertThat(browser.text("replica")).matches("producer-[12]");
		assertThat(browser.text("node")).matches("pi[13]");
		assertThat(browser.text("received")).matches("\\d+");
		assertThat(label("numbers")).matches("Chart of \\d+ numbers since .+: from \\d+ to \\d+, the newest is \\d+");
		assertThat(label("latencies")).startsWith("Chart of ").contains(" ms");
	}

	@Test
	void tellsTwoReplicasApart() {
		awaitUntil("both",
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
		Stats.Snapshot before = consumer.getBean(Stats.class).snapshot();
		answers = status;
		awaitState(state);
		assertThat(browser.text("state-title")).isEqualTo(title);
		assertThat(browser.text("state-reason")).contains("status " + status);
		assertThat(Long.parseLong(browser.run("return window.failuresWhenShown"))).as("failures when it was shown")
			.isBetween(before.failed() + before.invalid() + 1, before.failed() + before.invalid() + 2);

		Long readOut = browser.run("return window.readOut");
		awaitUntil("the age grows", () -> assertThat(browser.text("state-age")).matches("Reading is [3-9] s old"));
		assertThat(browser.<Long>run("return window.readOut")).as("what is read out").isEqualTo(readOut);
		assertThat(browser.texts("#events .failure")).isNotEmpty();

		answers = 200;
		awaitState("receiving");
		assertThat(browser.text("state-age")).isEmpty();
		assertThat(browser.texts("#events li").get(0)).contains("recovered", "Numbers arrive again");
	}

	@Test
	void takesUpAgainAfterARestartOfTheConsumer() {
		// The browser says that it was refused a connection.
		this.expectedError = "net::ERR_";
		browser.run("window.sameDocument = true");
		long newest = newestTime("numbers");
		int port = port();
		consumer.close();
		awaitState("lost");
		assertThat(browser.text("state-title")).isEqualTo("Consumer not reachable");
		assertThat(browser.text("state-age")).matches("Reading is \\d+ s old");

		consumer = startConsumer(port, "1s");
		awaitState("receiving");
		awaitUntil("new points", () -> assertThat(newestTime("numbers")).isGreaterThan(newest));
		assertThat(times("numbers")).contains(newest).doesNotHaveDuplicates();
		assertThat(browser.texts("#events li")).anyMatch((event) -> event.contains("a consumer that was started anew"));
		assertThat(browser.<Boolean>run("return window.sameDocument")).as("was not reloaded").isTrue();
	}

	@Test
	void takesUpAgainWhenOneComesBackToIt() {
		browser.run("window.sameDocument = true");
		browser.open("about:blank");
		browser.back();
		String number = browser.text("number");
		awaitUntil("the number moves", () -> assertThat(browser.text("number")).isNotEqualTo(number));
		assertThat(browser.<Boolean>run("return window.sameDocument")).as("was kept").isTrue();
		assertThat(browser.text("state-title")).isEqualTo("Receiving numbers");
		assertThat(browser.texts("#events li")).noneMatch((event) -> event.contains("connection"));
	}

	/** A browser opens six connections to one host. */
	@Test
	void holdsNoConnectionWhenOneLeaves() {
		for (int visit = 1; visit <= 8; visit++) {
			browser.open("about:blank");
			browser.open(url(port()));
			awaitState("receiving");
		}
	}

	@Test
	void takesUpAgainAfterABrokenConnection() throws IOException {
		this.expectedError = "net::ERR_";
		try (Cable cable = new Cable(port())) {
			browser.open(url(cable.port()));
			awaitState("receiving");
			long newest = newestTime("numbers");
			cable.breakConnections();
			awaitState("lost");
			awaitState("receiving");
			awaitUntil("new points", () -> assertThat(newestTime("numbers")).isGreaterThan(newest));
			assertThat(times("numbers")).contains(newest).doesNotHaveDuplicates();
			List<String> notices = browser.texts("#events li");
			assertThat(notices).filteredOn((event) -> event.contains("producer-1@pi1 answers")).hasSize(1);
		}
	}

	@Test
	void noticesAConnectionOnWhichNothingComes() throws IOException {
		this.expectedError = "net::ERR_";
		// For the page, time passes eight times as fast.
		String fasterClock = "const now = Date.now, start = now(); Date.now = () => start + 8 * (now() - start)";
		Object script = browser.command("Page.addScriptToEvaluateOnNewDocument", Map.of("source", fasterClock))
			.get("identifier");
		try (Cable cable = new Cable(port())) {
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
	void asksThisHostAlone() {
		// Of the page before.
		browser.requests();
		browser.open(url(port()));
		awaitState("receiving");
		assertThat(browser.requests()).anyMatch((address) -> address.endsWith("/api/live"))
			.anyMatch((address) -> address.contains("chart"))
			.allMatch((address) -> address.startsWith(url(port())));

		this.expectedError = "Content Security Policy";
		browser
			.run("""
					document.addEventListener('securitypolicyviolation', (event) => window.violated = event.violatedDirective);
					fetch('http://127.0.0.2/').catch(() => {});
					""");
		awaitUntil("the policy is kept",
				() -> assertThat(browser.<String>run("return window.violated")).isEqualTo("connect-src"));
	}

	@ParameterizedTest
	@CsvSource({ "360, 740", "390, 844", "1280, 900", "1400, 900" })
	void fitsTheScreen(int width, int height) {
		browser.resize(width, height, 1);
		browser.run("document.getElementById('details').open = true");
		awaitUntil("rows", () -> assertThat(browser.texts("#rows tr")).isNotEmpty());
		awaitUntil("no more than the width",
				() -> assertThat(browser.<Long>run("return document.documentElement.scrollWidth")).isEqualTo(width));
		assertThat(browser.<Long>run("return document.getElementById('numbers').clientWidth")).isBetween(250L,
				(long) width);
	}

	@ParameterizedTest
	@CsvSource({ "light, 1280, 900", "light, 390, 844", "dark, 1280, 900", "dark, 390, 844" })
	void keepsNobodyOut(String scheme, int width, int height) {
		browser.resize(width, height, 1);
		browser.prefer(scheme);
		browser.run("document.getElementById('details').open = true");
		awaitUntil("rows", () -> assertThat(browser.texts("#rows tr")).isNotEmpty());
		assertThat(browser.barriers()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "light", "dark" })
	void canBeReadInEachState(String scheme) throws IOException {
		// At the end of the cable.
		this.expectedError = "net::ERR_";
		try (Cable cable = new Cable(port())) {
			browser.open(url(cable.port()));
			awaitState("receiving");
			// From here on the page is left alone, for the 25 s that it waits.
			cable.silence(true);
			browser.prefer(scheme);
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
			for (String state : List.of("connecting", "waiting", "retrying", "unreachable", "refused", "lost")) {
				browser.run("document.body.dataset.state = arguments[0]", state);
				assertThat(browser.barriers()).as(state).isEmpty();
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
	void isReachedByKeyboard() {
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

	/** To {@code docs/images} by {@code make screenshots}. */
	@Test
	void hasItsPictureTaken() throws IOException {
		this.expectedError = "net::ERR_";
		int port = port();
		consumer.close();
		consumer = startConsumer(port, "3s", new History());
		try {
			browser.command("Emulation.setLocaleOverride", Map.of("locale", "en-GB"));
			picture("page-desktop", "light", 1280, null, 1);
			picture("page-phone", "dark", 390, 844, 2);
		}
		finally {
			browser.command("Emulation.setLocaleOverride", Map.of());
			consumer.close();
			consumer = startConsumer(port, "1s");
		}
	}

	private static void picture(String name, String scheme, int width, @Nullable Integer height, double pixelRatio)
			throws IOException {
		browser.resize(width, 844, pixelRatio);
		browser.prefer(scheme);
		browser.open(url(port()));
		awaitState("receiving");
		awaitUntil("charts", () -> assertThat(times("numbers")).hasSizeGreaterThan(60));
		Path directory = Path.of(System.getProperty("screenshots", "target/screenshots"));
		browser.screenshot(directory.resolve(name + ".png"), width, height);
	}

	private static ConfigurableApplicationContext startConsumer(int port, String pollInterval, History... histories) {
		SpringApplication application = new SpringApplication(ConsumerApplication.class);
		for (History history : histories) {
			application.addInitializers((context) -> history.giveTo((GenericApplicationContext) context));
		}
		return application.run("--PRODUCER_URL=" + producer.url("/number"), "--POLL_INTERVAL=" + pollInterval,
				"--server.port=" + port);
	}

	private static int port() {
		return consumer.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	private static String url(int port) {
		return "http://127.0.0.1:" + port + "/";
	}

	private static void awaitState(String state) {
		awaitUntil("state",
				() -> assertThat(browser.<String>run("return document.body.dataset.state")).isEqualTo(state));
	}

	private static void awaitUntil(String what, Runnable assertion) {
		await(what).atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(100)).untilAsserted(assertion::run);
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

	/** Take turns, as behind a load balancer. */
	private static final class TwoReplicas extends Dispatcher {

		private final AtomicInteger requests = new AtomicInteger();

		@Override
		public MockResponse dispatch(RecordedRequest request) {
			int number = this.requests.incrementAndGet();
			return new MockResponse.Builder().code(answers)
				.setHeader("Content-Type", "application/json")
				.setHeader("X-Served-By", (number % 2 == 0) ? "producer-1@pi1" : "producer-2@pi3")
				.body("{\"number\":" + (1 + 37 * number % 180) + "}")
				.build();
		}

	}

}

package org.piswarm.dockercoins;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.piswarm.testsupport.Browser;
import org.piswarm.testsupport.Cable;
import org.piswarm.testsupport.RedisServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The page as a user sees it, in a browser of this machine. */
@EnabledIf(value = "hasAllPrograms", disabledReason = "redis-server, chromium or chromium-driver is not installed")
@Tag("slow")
class PageTests {

	private static Coins coins;

	private static RedisServer redis;

	private static Cable cable;

	/** Starts later than the other one, so its times are behind. */
	private static Coins.Service secondWebui;

	private static Browser browser;

	private static ScheduledExecutorService workers;

	private static volatile int speed;

	static boolean hasAllPrograms() {
		return RedisServer.isInstalled() && Browser.isInstalled();
	}

	@BeforeAll
	static void start() throws IOException {
		coins = new Coins();
		redis = coins.redis;
		Coins.Service webui = coins.start("webui", Map.of());
		cable = new Cable(webui.port());
		browser = new Browser();
		browser.command("Emulation.setLocaleOverride", Map.of("locale", "en-GB"));
		withinAMinute(() -> assertThat(coins.get(webui.url() + "/livez")).contains("UP"));
		secondWebui = coins.start("webui", Map.of());
		workers = Executors.newSingleThreadScheduledExecutor();
		workers.scheduleAtFixedRate(PageTests::work, 0, 250, TimeUnit.MILLISECONDS);
	}

	@AfterAll
	static void stop() throws Exception {
		if (workers != null) {
			workers.shutdownNow();
		}
		if (browser != null) {
			browser.close();
		}
		if (cable != null) {
			cable.close();
		}
		if (coins != null) {
			coins.close();
		}
	}

	private static void work() {
		try {
			if (speed > 0) {
				redis.ask("INCRBY", "hashes", Integer.toString(speed / 4));
			}
		}
		catch (IOException ex) {
			// A test has killed Redis.
		}
	}

	/** One story, because each state needs some seconds to begin. */
	@Test
	void showsTheSpeedAndWhatIsWrong() throws Exception {
		redis.ask("HSET", "wallet", "0a", "one");
		speed = 8;
		browser.resize(1280, 900, 1);
		browser.open("http://127.0.0.1:%d/".formatted(cable.port()));
		awaitState("mining", "Mining", "The workers make hashes.");
		withinAMinute(() -> assertThat(browser.text("speed")).matches("[1-9]\\.\\d"));
		assertThat(browser.text("coins")).isEqualTo("1");
		assertThat(browser.text("luck")).matches("\\d+\\.\\d%");
		withinAMinute(() -> assertThat(browser.<List<?>>run("return Chart.getChart('graph').data.datasets[0].data"))
			.hasSizeGreaterThan(1));
		assertThat(browser.<String>run("return document.getElementById('graph').getAttribute('aria-label')"))
			.startsWith("Chart of the speed of the last 60 s: up to ");
		fitsAndIsAccessible("mining");

		// A text that somebody wrote into Redis stays a text.
		redis.ask("SET", "failure", "rng: connection refused (worker on <img src=x onerror=alert(1)>)");
		awaitState("partly", "Mining, with a failure",
				"rng: connection refused (worker on <img src=x onerror=alert(1)>)");
		look("partly", "desktop", 1280, "light");
		assertThat(browser.texts("#events li").get(0)).contains("failure", "rng: connection refused");
		speed = 0;
		awaitState("stalled", "No new hashes", "rng: connection refused (worker on <img");
		fitsAndIsAccessible("stalled");
		redis.ask("DEL", "failure");
		awaitState("stalled", "No new hashes", "No worker reports a failure: check that a worker runs.");

		redis.kill();
		awaitState("redis", "Redis does not answer", "redis: connection refused");
		assertThat(browser.text("hashes")).matches("[\\d,]+");
		look("redis", "phone", 390, "dark");
		redis.startAgain();
		speed = 8;
		awaitState("mining", "Mining", "");

		assertThat(browser.errors()).isEmpty();
		assertThat(browser.requests()).filteredOn((address) -> address.startsWith("http"))
			.allMatch((address) -> address.startsWith("http://127.0.0.1:"));
		cable.silence(true);
		awaitState("lost", "webui is not reachable", "This page tries to connect every second.");
		look("lost", "desktop", 1280, "light");
		// Swarm starts another one.
		cable.leadTo(secondWebui.port());
		cable.silence(false);
		cable.breakConnections();
		awaitState("mining", "Mining", "");
		withinAMinute(() -> assertThat(browser.text("speed")).matches("[1-9]\\.\\d"));
		long hashes = redis.count("hashes");
		withinAMinute(() -> assertThat(Long.parseLong(browser.text("hashes").replace(",", ""))).isGreaterThan(hashes));
		redis.ask("SET", "hashes", "0");
		withinAMinute(() -> assertThat(browser.texts("#events li").get(0))
			.containsPattern("Redis has lost data: from \\d+ to \\d"));
		assertThat(browser.texts("#events .kind")).contains("mining", "failure", "stalled", "no Redis", "no webui",
				"data lost");
	}

	/**
	 * A sample each second, with as many hashes. The second one may begin a new count.
	 */
	@ParameterizedTest
	@CsvSource({ "0 3 6 9 12, false, null null null 3 3", "0 3 6 9 12, true, null null null null 3",
			"6 3 6 9 12, false, null null null null 3" })
	void theSpeedIsTheMeanOfSomeSeconds(String hashes, boolean begins, String expected) {
		List<Object> speeds = function("""
				speeds(argument.hashes.split(' ').map((each, index) =>
					({ at: 1000 * index, hashes: Number(each), begins: index === 1 && argument.begins })))
					.map(({ speed }) => String(speed))""", Map.of("hashes", hashes, "begins", begins));
		assertThat(speeds).containsExactly((Object[]) expected.split(" "));
	}

	@ParameterizedTest
	@CsvSource({ "0 0, waiting", "0 1 2 2, mining", "0 1 1 1 1 1 1, stalled", "0 0 0 0 0 0, stalled" })
	void noNewHashForSomeSecondsIsNamed(String hashes, String expected) {
		assertThat(this.<String>function("""
				stateOf({ redisFailure: null, workerFailure: null }, argument.split(' ').map((each, index) =>
					({ at: 1000 * index, hashes: Number(each) }))).state""", hashes)).isEqualTo(expected);
	}

	/**
	 * Each answer: the page's time, webui's time, and the samples as time:hashes. The
	 * third of them is handled late, such as in a browser that was asleep, or comes from
	 * a webui that has started again.
	 */
	@ParameterizedTest
	@CsvSource({ "1000 1000 1000:3, 2000 2000 2000:6, 7000 3000 3000:9, 8000 4000 4000:12, '', 3 6 9 12",
			"1000 1000 1000:3, 2000 2000 2000:6, 7000 3000, 8000 4000 1000:3|2000:6|3000:9|4000:12, '', 3 6 9 12",
			"9000 9000 8000:3|9000:6, 10000 10000, 20000 500 500:9, 20500 1000 500:9|1000:12, '', 3 6 9 12",
			"1000 1000 1000:3, 2000 2000 2000:6, 3000 3000 3000:1, 4000 4000 4000:2, 6 1, 3 6 1 2" })
	void readsEachSampleOnce(String first, String second, String third, String fourth, String losses, String expected) {
		List<String> result = module("history",
				"""
						(({ History }) => {
							const history = new History();
							const losses = argument.flatMap((answer) => {
								const [page, webui, samples] = answer.split(' ');
								const all = (samples ?? '').split('|').filter(Boolean).map((each) => each.split(':').map(Number));
								return history.add({ now: Number(webui), samples: all.filter(([at]) => at > history.received)
									.map(([at, hashes]) => ({ at, hashes, coins: 0 })) }, Number(page));
							});
							return [losses.map(({ from, to }) => `${from} ${to}`).join(),
								history.samples.map(({ hashes }) => hashes).join(' ')];
						})(module)""",
				List.of(first, second, third, fourth));
		assertThat(result).containsExactly(losses, expected);
	}

	/** Calculates something with the functions of the page's file speed.js. */
	private <T> T function(String expression, Object argument) {
		return module("speed", "(({ speeds, stateOf }) => %s)(module)".formatted(expression), argument);
	}

	private <T> T module(String name, String expression, Object argument) {
		browser.open("http://127.0.0.1:%d/".formatted(cable.port()));
		return browser.run("const argument = arguments[0];"
				+ "return import('/page/%s.js').then((module) => %s)".formatted(name, expression), argument);
	}

	private static void awaitState(String state, String title, String reason) {
		withinAMinute(() -> {
			assertThat(browser.<String>run("return document.body.dataset.state")).isEqualTo(state);
			assertThat(browser.text("state-title")).isEqualTo(title);
			assertThat(browser.text("state-reason")).contains(reason);
		});
	}

	/** On a phone in dark colours, and on a desktop in light ones. */
	private static void fitsAndIsAccessible(String state) throws IOException {
		look(state, "phone", 390, "dark");
		look(state, "desktop", 1280, "light");
	}

	private static void look(String state, String screen, int width, String scheme) throws IOException {
		browser.resize(width, 844, 1);
		browser.prefer(scheme);
		withinAMinute(
				() -> assertThat(browser.<Long>run("return document.documentElement.scrollWidth")).isEqualTo(width));
		assertThat(browser.barriers()).as("%s, %s", state, screen).isEmpty();
		browser.screenshot(Path.of("target/screenshots/%s-%s.png".formatted(state, screen)), width, null);
	}

	@Test
	void hasTheColoursOfTheKitsOwnPage() throws IOException {
		Map<String, String> own = colours(Path.of("../webui/src/main/resources/page/page.css"));
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
		await().atMost(Duration.ofMinutes(1)).ignoreExceptionsInstanceOf(IOException.class).untilAsserted(assertion);
	}

}

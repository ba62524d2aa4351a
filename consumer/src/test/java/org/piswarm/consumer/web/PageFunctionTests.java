package org.piswarm.consumer.web;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.piswarm.testsupport.Browser;

import static org.assertj.core.api.Assertions.assertThat;

/** The functions of the page's scripts, which run in a browser of this machine. */
@EnabledIf(value = "org.piswarm.testsupport.Browser#isInstalled",
		disabledReason = "chromium or chromium-driver is not installed")
@Tag("slow")
class PageFunctionTests {

	/** Its full hours are half hours in UTC. */
	private static final ZoneId ZONE = ZoneId.of("Asia/Kolkata");

	private static PageConsumer consumer;

	private static Browser browser;

	@BeforeAll
	static void start() throws IOException {
		consumer = new PageConsumer("1h", null);
		browser = new Browser();
		browser.command("Emulation.setLocaleOverride", Map.of("locale", "en-GB"));
		browser.command("Emulation.setTimezoneOverride", Map.of("timezoneId", ZONE.getId()));
		browser.open(consumer.url());
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

	@ParameterizedTest
	@CsvSource({ "-5, 0 s", "0, 0 s", "999, 0 s", "59999, 59 s", "60000, 1 min", "200000, 3 min 20 s",
			"3599999, 59 min 59 s", "7200000, 2 h", "7500000, 2 h 5 min", "7259999, 2 h", "367200000, 4 d 6 h" })
	void writesADurationInOneUnitOrTwo(long millis, String text) {
		assertThat(this.<String>call("words.js", "duration", millis)).isEqualTo(text);
	}

	@ParameterizedTest
	@CsvSource({ "500, 0.5 s", "3000, 3 s", "2500, 2.5 s", "10000, 10 s", "90000, 1 min 30 s", "3600000, 1 h" })
	void writesAnInterval(long millis, String text) {
		assertThat(this.<String>call("words.js", "interval", millis)).isEqualTo(text);
	}

	@ParameterizedTest
	@CsvSource({ "producer-2@pi3, producer-2, pi3", "unknown, unknown,", "a@b@pi1, a@b, pi1" })
	void separatesAReplicaFromItsNode(String name, String replica, @Nullable String node) {
		List<@Nullable String> parts = call("words.js", "replicaAndNode", name);
		assertThat(parts).containsExactly(replica, node);
	}

	/**
	 * Of a chart that starts at 10:00:07. The last column has the times that get a label.
	 */
	@ParameterizedTest
	@CsvSource({ "PT20S, 900, 10:00:10 10:00:15 10:00:20 10:00:25", "PT2M, 400, 10:00:30 10:01 10:01:30",
			"PT30M, 900, 10:05 10:10 10:15 10:20 10:25", "PT30M, 250, 10:10 10:20", "PT2H, 500, 10:30 11:00 11:30",
			"PT2H, 300, 11:00", "P2D, 1000, 12:00 18:00 00:00 06:00 12:00 18:00 00:00 06:00" })
	void labelsRoundTimesAsManyAsFit(Duration span, int width, String expected) {
		long start = ZonedDateTime.now(ZONE)
			.with(LocalTime.of(10, 0, 7))
			.truncatedTo(ChronoUnit.SECONDS)
			.toInstant()
			.toEpochMilli();
		List<List<Object>> ticks = browser.run("""
				const [min, span, width] = arguments;
				return import('/page/charts.js').then(({ setTicks, tickLabel }) => {
					const scale = { min, max: min + span, width };
					setTicks(scale);
					return scale.ticks.map(({ value }, index) => [value, tickLabel(value, index, scale.ticks)]);
				});
				""", start, span.toMillis(), width);
		List<String> times = ticks.stream()
			.map((tick) -> Instant.ofEpochMilli((Long) tick.get(0)).atZone(ZONE).toLocalTime().toString())
			.toList();
		assertThat(times).containsExactly(expected.split(" "));
		for (int i = 0; i < times.size(); i++) {
			assertThat(ticks.get(i).get(1)).asString().contains(times.get(i).replaceFirst("^0", ""));
		}
	}

	private <T> T call(String file, String function, Object argument) {
		return browser.run(
				"const [file, name, argument] = arguments;"
						+ "return import(`/page/${file}`).then((module) => module[name](argument))",
				file, function, argument);
	}

}

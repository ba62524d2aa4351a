package org.piswarm.dockercoins.webui;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import com.jayway.jsonpath.JsonPath;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.piswarm.testsupport.RedisServer;
import org.piswarm.testsupport.TestApplication;

import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@EnabledIf(value = "org.piswarm.testsupport.RedisServer#isInstalled", disabledReason = "redis-server is not installed")
@Tag("slow")
class WebuiTests {

	private static RedisServer redis;

	private static TestApplication webui;

	private static volatile Duration clockIsBehind = Duration.ZERO;

	@BeforeAll
	static void start() throws Exception {
		redis = new RedisServer();
		webui = new TestApplication(WithClock.class, "--REDIS_URL=" + redis.url());
	}

	@AfterAll
	static void stop() throws Exception {
		webui.close();
		redis.close();
	}

	@Test
	void answersWithTheCountsOfRedis() throws Exception {
		redis.ask("FLUSHALL");
		withinAMinute(() -> assertThat(get("/json").body())
			.matches("\\{\"coins\":0,\"hashes\":0,\"now\":\\d{10}(\\.\\d{1,3})?}"));
		redis.ask("INCRBY", "hashes", "33");
		redis.ask("HSET", "wallet", "0a", "one");
		redis.ask("HSET", "wallet", "0b", "two");
		withinAMinute(() -> assertThat(get("/json").body()).startsWith("{\"coins\":2,\"hashes\":33,\"now\":"));
	}

	@Test
	void saysThatRedisDoesNotAnswerAndGoesOn() throws Exception {
		redis.kill();
		withinAMinute(() -> {
			assertThat(get("/json").statusCode()).isEqualTo(503);
			assertThat(get("/json").body()).contains("redis: connection refused");
		});
		assertThat(get("/livez").statusCode()).isEqualTo(200);
		redis.startAgain();
		withinAMinute(() -> assertThat(get("/json").statusCode()).isEqualTo(200));
	}

	@Test
	void aKeyThatIsNoNumberIsNoEnd() throws Exception {
		redis.ask("SET", "hashes", "many");
		withinAMinute(() -> assertThat(get("/json").body()).contains("redis: the key hashes has no number"));
		redis.ask("DEL", "hashes");
		withinAMinute(() -> assertThat(get("/json").statusCode()).isEqualTo(200));
		redis.ask("SET", "wallet", "no hash");
		withinAMinute(() -> assertThat(get("/json").body()).contains("redis: refused a command (WRONGTYPE)"));
		redis.ask("DEL", "wallet");
		withinAMinute(() -> assertThat(get("/json").statusCode()).isEqualTo(200));
	}

	/** A Pi has no clock of its own, and gets the time from others. */
	@Test
	void aClockThatIsSetBackHidesNoSample() throws Exception {
		AtomicLong last = new AtomicLong(-1);
		withinAMinute(() -> last.set(JsonPath.<Number>read(get("/api/live").body(), "$.samples[-1].at").longValue()));
		clockIsBehind = Duration.ofHours(1);
		withinAMinute(() -> assertThat(JsonPath.<List<?>>read(get("/api/live?after=" + last).body(), "$.samples"))
			.isNotEmpty());
	}

	@Test
	void servesThePageAndItsFiles() throws Exception {
		assertThat(get("/").body()).contains("<title>DockerCoins, live</title>");
		assertThat(get("/").headers().firstValue("Content-Security-Policy").orElse("")).contains("default-src 'none'");
		assertThat(get("/page/chart.umd.min.js").statusCode()).isEqualTo(200);
		assertThat(get("/page/application.properties").statusCode()).isEqualTo(404);
		assertThat(get("/actuator/prometheus").statusCode()).isEqualTo(200);
	}

	private static HttpResponse<String> get(String path) throws Exception {
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create(webui.url() + path)).timeout(Duration.ofSeconds(10)).build(),
					BodyHandlers.ofString());
	}

	private static void withinAMinute(ThrowingRunnable assertion) {
		await().atMost(Duration.ofMinutes(1)).ignoreExceptions().untilAsserted(assertion);
	}

	/** With a clock that a test can set. */
	@TestConfiguration(proxyBeanMethods = false)
	@Import(WebuiApplication.class)
	static class WithClock {

		@Bean
		@Primary
		Clock testClock() {
			return new Clock() {

				@Override
				public Instant instant() {
					return Instant.now().minus(clockIsBehind);
				}

				@Override
				public ZoneId getZone() {
					return ZoneOffset.UTC;
				}

				@Override
				public Clock withZone(ZoneId zone) {
					return this;
				}

			};
		}

	}

}

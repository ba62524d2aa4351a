package org.piswarm.consumer.web;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.jayway.jsonpath.JsonPath;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.piswarm.consumer.state.PollCounts;

import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.EntityExchangeResult;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ApiTests extends SharedConsumer {

	@Test
	void answersTheLatestNumberAndItsAge() {
		Instant before = Instant.now();
		receive(73);
		String latest = body(get("/api/latest"));
		assertThat(JsonPath.<Integer>read(latest, "$.number")).isEqualTo(73);
		assertThat(JsonPath.<String>read(latest, "$.replica")).isEqualTo("producer-2@pi3");
		assertThat(Instant.parse(JsonPath.read(latest, "$.receivedAt"))).isBetween(before, Instant.now());
		assertThat(age(latest)).isBetween(0, 5000);
		await("the age grows").atMost(BOUND).until(() -> age(body(get("/api/latest"))) > age(latest));
	}

	@Test
	void answersTheLatestNumberWhileTheProducerFails() {
		receive(74);
		fail(404);
		assertThat(JsonPath.<Integer>read(body(get("/api/latest")), "$.number")).isEqualTo(74);
		assertThat(body(get("/"))).matches("(?s)Latest number: 74, received \\d+ s ago from producer-2@pi3\n.*");
	}

	@Test
	void countsPolls() {
		PollCounts.Snapshot before = this.counts.snapshot();
		receive(75);
		producer.enqueue(new MockResponse.Builder().code(503).build());
		receive(76);
		receive(181);
		fail(404);
		String stats = body(get("/api/stats"));
		assertThat(count(stats, "polls")).isEqualTo(before.polls() + 4);
		assertThat(count(stats, "received")).isEqualTo(before.received() + 2);
		assertThat(count(stats, "failed")).isEqualTo(before.failed() + 1);
		assertThat(count(stats, "invalid")).isEqualTo(before.invalid() + 1);
		assertThat(count(stats, "retried")).isEqualTo(before.retried() + 1);
		assertThat(count(stats, "replicas.producer-2@pi3"))
			.isEqualTo(before.replicas().getOrDefault("producer-2@pi3", 0L) + 2);
	}

	@Test
	void countsAndTimesPollsForPrometheus() {
		receive(85);
		fail(404);
		receive(181);
		Metrics before = new Metrics(body(get("/actuator/prometheus")));
		producer.enqueue(new MockResponse.Builder().code(503).build());
		receive(86);
		fail(404);
		receive(181);
		Metrics after = new Metrics(body(get("/actuator/prometheus")));
		for (String outcome : List.of("received", "failed", "invalid")) {
			String labels = "outcome=\"%s\"".formatted(outcome);
			assertThat(after.value("consumer_polls_total", labels)).as(outcome)
				.isEqualTo(before.value("consumer_polls_total", labels) + 1);
		}
		assertThat(after.value("consumer_retries_total", "")).isEqualTo(before.value("consumer_retries_total", "") + 1);
		String retried = "kind=\"successful_with_retry\"";
		assertThat(after.value("resilience4j_retry_calls_total", retried))
			.isEqualTo(before.value("resilience4j_retry_calls_total", retried) + 1);
		String inTime = "error=\"none\".*le=\"3.0\"";
		assertThat(after.value("consumer_poll_seconds_bucket", inTime))
			.isEqualTo(before.value("consumer_poll_seconds_bucket", inTime) + 1);
		assertThat(after.value("consumer_reading_age_seconds", "node=\"pi1\",replica=\"consumer-1\"")).isBetween(0.0,
				10.0);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "application/json", "*/*" })
	void listsTheNewestReadingsOldestFirst(String accept) {
		receive(80);
		receive(81);
		MediaType[] types = MediaType.parseMediaTypes(accept).toArray(MediaType[]::new);
		EntityExchangeResult<String> answer = get("/api/readings?limit=2", types);
		assertThat(answer.getResponseHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_JSON);
		assertThat(JsonPath.<List<Integer>>read(body(answer), "$[*].number")).containsExactly(80, 81);
		List<Integer> all = JsonPath.read(body(get("/api/readings", types)), "$[*].number");
		assertThat(all).endsWith(80, 81).hasSizeGreaterThan(2);
	}

	@Test
	void listsAHundredReadingsUnlessAskedForMore() {
		for (int number = 1; number <= 101; number++) {
			receive(number);
		}
		assertThat(JsonPath.<List<Integer>>read(body(get("/api/readings")), "$[*].number")).hasSize(100)
			.startsWith(2)
			.endsWith(101);
		assertThat(JsonPath.<List<Integer>>read(body(get("/api/readings?limit=1200")), "$[*].number"))
			.hasSizeGreaterThan(100);
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "-1", "1201", "many", "99999999999" })
	void refusesAWrongLimit(String limit) {
		EntityExchangeResult<String> answer = get("/api/readings?limit=" + limit);
		assertThat(answer.getStatus().value()).isEqualTo(400);
		assertThat(answer.getResponseHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
		assertThat(JsonPath.<String>read(body(answer), "$.detail")).startsWith("limit=" + limit + " is not allowed");
	}

	@ParameterizedTest
	@CsvSource({ "GET, /unknown, 404", "GET, /api, 404", "POST, /api/latest, 405", "DELETE, /api/readings, 405" })
	void reportsAnErrorAsAProblem(String method, String path, int status) {
		this.client.method(HttpMethod.valueOf(method))
			.uri(path)
			.exchange()
			.expectStatus()
			.isEqualTo(status)
			.expectHeader()
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.expectBody()
			.jsonPath("$.status")
			.isEqualTo(status);
	}

	@Test
	void exposesHealthInfoAndMetricsOnly() {
		assertThat(List.of("/livez", "/readyz", "/actuator/health/liveness", "/actuator/info"))
			.allSatisfy((path) -> assertThat(get(path).getStatus().value()).isEqualTo(200));
		assertThat(JsonPath.<Map<String, ?>>read(body(get("/actuator")), "$._links")).containsOnlyKeys("self", "health",
				"health-path", "info", "prometheus");
	}

	private static int age(String latest) {
		return JsonPath.<Integer>read(latest, "$.ageMillis");
	}

	private static long count(String stats, String name) {
		String path = name.replaceFirst("^replicas\\.(.*)", "replicas['$1']");
		return JsonPath.<Integer>read(stats, "$." + path);
	}

	/**
	 * All metrics at one moment, as Prometheus reads them.
	 *
	 * @param text the answer to Prometheus
	 */
	private record Metrics(String text) {

		double value(String name, String labels) {
			Matcher line = Pattern.compile("^" + name + "\\{[^}]*" + labels + ".*} (\\S+)$", Pattern.MULTILINE)
				.matcher(this.text);
			assertThat(line.find()).as("%s{%s} in %s", name, labels, this.text).isTrue();
			return Double.parseDouble(line.group(1));
		}

	}

}

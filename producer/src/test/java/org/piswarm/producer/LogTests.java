package org.piswarm.producer;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The log as stack.yml asks for it: one JSON object a line. */
@ExtendWith(OutputCaptureExtension.class)
class LogTests {

	@Test
	void aNumberForAPollHasALineWithThePollsTrace(CapturedOutput output) {
		String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
		try (ConfigurableApplicationContext producer = SpringApplication.run(ProducerApplication.class,
				"--server.port=0", "--HOSTNAME=producer-2", "--NODE_NAME=pi3", "--producer.unready-period=0s",
				"--logging.structured.format.console=ecs")) {
			WebTestClient client = WebTestClient.bindToServer()
				.baseUrl("http://localhost:" + producer.getEnvironment().getRequiredProperty("local.server.port"))
				.build();
			// Who is not a poll fills no log.
			client.get().uri("/number").exchange().expectStatus().isOk().expectBody().returnResult();
			client.get()
				.uri("/number")
				.header("traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
				.exchange()
				.expectStatus()
				.isOk()
				.expectBody()
				.returnResult();
			await().atMost(Duration.ofSeconds(10)).until(() -> output.getAll().contains("Served number"));
		}
		List<JsonNode> served = output.getAll()
			.lines()
			.filter((line) -> line.startsWith("{"))
			.map(JsonMapper.shared()::readTree)
			.filter((line) -> line.path("message").asString("").startsWith("Served number"))
			.toList();
		assertThat(served).hasSize(1);
		assertThat(served.get(0).get("trace.id").asString()).isEqualTo(trace);
		assertThat(served.get(0).at("/service/name").asString()).isEqualTo("producer");
		assertThat(served.get(0).at("/service/node/name").asString()).isEqualTo("producer-2");
		assertThat(served.get(0).at("/host/name").asString()).isEqualTo("pi3");
	}

}

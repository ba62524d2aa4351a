package org.piswarm.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/** compose.yml on one host, as on a laptop. */
@Order(2)
@ExtendWith(WholeCluster.class)
class ComposeTests {

	private static final Pi HOST = new Pi(2);

	private static final String COMPOSE = "cd /root/kit && REGISTRY=%s TAG=%s docker compose "
		.formatted(Settings.REGISTRY, Settings.FIRST);

	@AfterEach
	void removeAll() {
		if (!HOST.run("docker ps --all --quiet --filter label=com.docker.compose.project").isEmpty()) {
			HOST.tryTo(COMPOSE + "down --timeout 20", "");
		}
	}

	@BeforeEach
	void freeThePorts() {
		Stack.removeAll();
	}

	@Test
	void numbersArriveBeforeAndAfterAnOutageOfTheProducer() throws IOException {
		HOST.tryTo("mkdir -p /root/kit && cat >/root/kit/compose.yml",
				Files.readString(Settings.PROJECT.resolve("compose.yml")))
			.orFail();
		long start = System.nanoTime();
		HOST.tryTo(COMPOSE + "up --detach --wait", "").orFail();
		Report.figure("Compose: until both containers are healthy",
				Report.seconds(Duration.ofNanos(System.nanoTime() - start)));

		assertThat(health("producer")).isEqualTo("healthy");
		assertThat(health("consumer")).isEqualTo("healthy");
		assertThat(HOST.run("docker network inspect --format '{{.Driver}}' pi-swarm-kit_numbers")).isEqualTo("bridge");
		assertThat(HOST.run("docker exec pi-swarm-kit-consumer-1 bash -c 'echo $PRODUCER_URL'"))
			.isEqualTo("http://producer:5000/number");
		Wait.until("numbers arrive", Duration.ofSeconds(30), () -> Stack.counts(HOST).received() >= 2);
		assertThat(Http.get(HOST.producerUrl()).isNumber()).isTrue();

		try (Page page = new Page().open(HOST.consumerUrl("/"))) {
			Wait.until("the page shows a number", Duration.ofSeconds(30), page::showsANumber);
			stopAndStartTheProducer(page);
		}

		HOST.run(COMPOSE + "down");
		assertThat(HOST.leftByCompose()).isEmpty();
	}

	private static void stopAndStartTheProducer(Page page) {
		HOST.run(COMPOSE + "stop producer");
		int before = Stack.counts(HOST).failed();
		Wait.until("polls fail", Duration.ofSeconds(30), () -> Stack.counts(HOST).failed() >= before + 4);
		assertThat(page.state()).isEqualTo("unreachable");
		assertThat(HOST.run("docker logs --tail 1 pi-swarm-kit-consumer-1"))
			.containsPattern("ERROR Error fetching the number: .+ \\(http://producer:5000/number, 3 attempts\\)$");
		assertThat(health("consumer")).isEqualTo("healthy");
		assertThat(ageMillis()).isGreaterThan(9_000);

		HOST.run(COMPOSE + "start producer");
		Duration recovery = Wait.until("a number arrives again", Duration.ofSeconds(60), () -> ageMillis() < 3_000);
		Report.figure("Compose: from the producer's start to the next number", Report.seconds(recovery));
		Wait.until("the page shows it", Duration.ofSeconds(10), page::showsANumber);
	}

	private static String health(String service) {
		return HOST.run("docker inspect --format '{{.State.Health.Status}}' pi-swarm-kit-%s-1".formatted(service));
	}

	private static int ageMillis() {
		return JsonPath.read(Http.get(HOST.consumerUrl("/api/latest")).body(), "$.ageMillis");
	}

}

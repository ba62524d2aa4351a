package org.piswarm.e2e;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/** docs/examples/stack+monitoring.yml, with Debian's Prometheus. */
@Order(1)
@ExtendWith(WholeCluster.class)
class MonitoringTests {

	private static final String IMAGE = "localhost/prometheus:debian";

	private static final String URL = "http://" + Pi.MANAGER.address() + ":9090";

	@AfterAll
	static void removeStack() {
		Stack.removeAll();
		Pi.MANAGER.tryTo("docker volume rm numbers_prometheus", "");
	}

	@Test
	void findsAllReplicasAndItsAlertsComeAndGo() throws IOException {
		buildImage();
		bringFiles();
		Stack.removeAll();
		Pi.MANAGER
			.run("cd /root/monitoring && REGISTRY=%s TAG=%s PROMETHEUS_IMAGE=%s docker stack deploy --detach=true "
				.formatted(Settings.REGISTRY, Settings.FIRST, IMAGE)
					+ "--resolve-image never -c stack.yml -c docs/examples/stack+monitoring.yml numbers");
		Stack stack = new Stack("numbers");
		stack.awaitReplicas();
		awaitTargets(Map.of("producer", 2, "consumer", 1));
		stack.scale("producer", 3);
		awaitTargets(Map.of("producer", 3, "consumer", 1));

		assertThat(ask("count(producer_numbers_served_total)")).isEqualTo(3);
		assertThat(ask("sum(producer_numbers_served_total)")).isPositive();
		assertThat(ask("sum(consumer_polls_total{outcome='received'})")).isPositive();
		assertThat(ask("consumer_reading_age_seconds")).isBetween(0.0, 10.0);
		assertThat(ask("histogram_quantile(0.5, sum by (le) (consumer_poll_seconds_bucket))")).isBetween(0.0, 3.0);
		assertThat(ask("sum(resilience4j_retry_calls_total)")).isPositive();
		Wait.until("no alert fires", Duration.ofMinutes(4), () -> firing().isEmpty());

		stack.scale("producer", 0);
		Set<String> alerts = Set.of("NoNumbers", "ReadingStale", "ReplicaMissing", "ComesAndGoes", "RetriesRising");
		Duration fired = Wait.until("five alerts fire", Duration.ofMinutes(4), () -> firing().equals(alerts));
		stack.scale("producer", 2);
		Duration cleared = Wait.until("no alert fires any more", Duration.ofMinutes(4), () -> firing().isEmpty());
		Report.figure("Prometheus: until five alerts fired, and until none did",
				Report.seconds(fired) + ", " + Report.seconds(cleared));
		stack.scale("consumer", 0);
		Wait.until("the alert about the consumer fires", Duration.ofMinutes(4),
				() -> firing().equals(Set.of("ConsumerMissing", "ComesAndGoes")));
		stack.scale("consumer", 1);
		Wait.until("no alert fires any more", Duration.ofMinutes(4), () -> firing().isEmpty());
	}

	/**
	 * Builds the image from Debian's package, because the nodes reach no public registry.
	 * It runs as root, because the image below it has no list of users.
	 */
	private static void buildImage() {
		Path program = Settings.TARGET.resolve("prometheus").toAbsolutePath();
		Command.run(Duration.ofMinutes(2), "",
				List.of("sh", "-c",
						"gzip -1 <\"$0\" | \"$1\" ssh 1 'gunzip >/root/prometheus && chmod +x /root/prometheus'",
						program.toString(), Settings.VIRTUAL_PIS))
			.orFail();
		Pi.MANAGER.run("""
				set -e
				mkdir -p /root/image/bin /root/image/prometheus
				mv /root/prometheus /root/image/bin/
				container=$(docker create %s/producer:%s)
				tar -C /root/image -c bin/prometheus prometheus | docker cp - "$container":/
				docker commit --change 'ENTRYPOINT ["/bin/prometheus"]' --change 'USER 0:0' "$container" %s
				docker rm "$container"
				rm -r /root/image""".formatted(Settings.REGISTRY, Settings.FIRST, IMAGE));
	}

	/** The project's files, with seconds in place of minutes. */
	private static void bringFiles() throws IOException {
		Pi.MANAGER.run("mkdir -p /root/monitoring/docs/examples/monitoring");
		for (String name : List.of("stack.yml", "docs/examples/stack+monitoring.yml",
				"docs/examples/monitoring/prometheus.yml", "docs/examples/monitoring/alerts.yml")) {
			String text = Files.readString(Settings.PROJECT.resolve(name))
				.replaceAll("(scrape|evaluation)_interval: 15s", "$1_interval: 5s")
				.replaceAll("for: \\dm", "for: 5s")
				.replaceAll("consumer_poll_interval_seconds, 60\\)", "consumer_poll_interval_seconds, 20)")
				.replaceAll("\\[5m(:15s)?\\]", "[30s$1]");
			Pi.MANAGER.tryTo("cat >/root/monitoring/" + name, text).orFail();
		}
	}

	private static void awaitTargets(Map<String, Integer> wanted) {
		Wait.until("targets %s are up".formatted(wanted), Duration.ofMinutes(2), () -> {
			Map<String, Integer> up = new TreeMap<>();
			List<String> jobs = JsonPath.read(Http.get(URL + "/api/v1/targets?state=active").body(),
					"$.data.activeTargets[?(@.health == 'up')].labels.job");
			jobs.forEach((job) -> up.merge(job, 1, Integer::sum));
			return up.equals(wanted);
		});
	}

	private static double ask(String query) {
		String body = Http
			.get(URL + "/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8).replace("+", "%20"))
			.body();
		List<String> values = JsonPath.read(body, "$.data.result[*].value[1]");
		assertThat(values).as("%s: %s", query, body).hasSize(1);
		return Double.parseDouble(values.get(0));
	}

	private static Set<String> firing() {
		List<String> names = JsonPath.read(Http.get(URL + "/api/v1/alerts").body(),
				"$.data.alerts[?(@.state == 'firing')].labels.alertname");
		return new TreeSet<>(names);
	}

}

package org.piswarm.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Releases on a Swarm, good and bad ones. Each test begins with what the one before it
 * has left.
 */
@TestMethodOrder(OrderAnnotation.class)
@ExtendWith(KeptLogs.class)
class SwarmSetupDeployTests {

	private static final SwarmSetup swarm = SwarmSetup.ofAll();

	private static final Pi PI2 = new Pi(2);

	private static final Pi PI3 = new Pi(3);

	@BeforeAll
	static void pis() {
		Snapshot.SWARM.restore();
	}

	@Test
	@Order(1)
	void deploys() {
		String deploy = swarm.timed("deploy, the first", SwarmSetup.BASE, "deploy");
		for (int pi = 1; pi <= 3; pi++) {
			assertThat(deploy)
				.containsPattern("(?m)pi@pi" + pi + ": class caches of producer and consumer made in \\d+ s; they have "
						+ "(9\\d|100) % and (9\\d|100) % of the classes$");
		}
		Wait.until("numbers arrive", Duration.ofSeconds(30), () -> Stack.counts(Pi.MANAGER).received() >= 2);
		String latest = Http.get(PI3.consumerUrl("/api/latest")).body();
		assertThat(JsonPath.<Integer>read(latest, "$.number")).isBetween(1, 180);
	}

	@Test
	@Order(2)
	void aSecondDeployWaitsForNobodyAndRestartsNothing() {
		List<String> before = tasks();
		CompletableFuture<String> first = CompletableFuture
			.supplyAsync(() -> swarm.timed("deploy, again", SwarmSetup.BASE, "deploy"));
		Wait.until("a deploy is at work", Duration.ofMinutes(1),
				() -> Pi.MANAGER.tryTo("grep \":$(stat --format %i /run/swarm-deploy.lock) \" /proc/locks", "")
					.exitCode() == 0);
		Command.Result second = swarm.run(SwarmSetup.BASE, "deploy");
		assertThat(second.exitCode()).isEqualTo(1);
		assertThat(second.output()).contains("another command changes this Swarm");
		assertThat(first.join()).contains("all replicas of numbers run").doesNotContain("class caches of");
		assertThat(tasks()).isEqualTo(before);
	}

	@Test
	@Order(3)
	void replicasThatStartLaterUseTheClassCacheOfTheirNode() {
		Pi.MANAGER.run("docker service update --quiet --force numbers_producer");
		int replicas = 0;
		for (Pi pi : Pi.ALL) {
			String label = "label=com.docker.swarm.service.name=numbers_producer";
			for (String container : pi.run("docker ps --quiet --filter " + label).lines().toList()) {
				replicas++;
				assertThat(pi.run("docker logs " + container + " 2>&1 | head -n 1"))
					.contains("Starting with the class cache of this node");
				assertThat(pi
					.run("grep /app/cache/ /proc/$(docker inspect --format '{{.State.Pid}}' " + container + ")/maps"))
					.contains(".jsa");
			}
		}
		assertThat(replicas).isEqualTo(2);
	}

	@Test
	@Order(4)
	void aStackFileCanBeDeployedByHand() {
		Pi.MANAGER.tryTo("cat >/root/stack.yml", Stack.file()).orFail();
		Pi.MANAGER.run("cd /root && docker stack deploy --detach=true -c stack.yml numbers");
		Stack stack = new Stack("numbers");
		stack.awaitReplicas();
		assertThat(Http.get(PI2.producerUrl()).isNumber()).isTrue();
	}

	@Test
	@Order(5)
	void bringsWhatStackFilesReferTo() throws IOException {
		Path directory = Settings.TARGET.resolve("stack-files").toAbsolutePath();
		Files.createDirectories(directory.resolve("kept"));
		Files.writeString(directory.resolve("kept/motd"), "from a config, ");
		Files.writeString(directory.resolve("kept/word"), "from a secret, ");
		Files.writeString(directory.resolve("kept/variables"), "FROM_FILE=from a file: pa$word\n");
		Path first = Files.writeString(directory.resolve("first.yml"),
				"""
						services:
						  speaker:
						    image: localhost/speaker:1
						    deploy: {placement: {constraints: [node.role == manager]}}
						    entrypoint: [bash, -c, 'echo "$$(</motd)$$(</run/secrets/word)$$FROM_FILE, $$FROM_SECOND"; kill -STOP $$$$']
						    stop_grace_period: 1s
						    init: true
						    env_file: kept/variables
						    configs: [{source: motd, target: /motd}]
						    secrets: [word]
						configs: {motd: {file: kept/motd}}
						secrets: {word: {file: ./kept/word}}
						""");
		Path second = Files.writeString(directory.resolve("second.yml"), """
				services: {speaker: {environment: {FROM_SECOND: "${SAID}"}}}
				""");
		Pi.MANAGER.run("docker tag localhost/built-by-make-images/producer:latest localhost/speaker:1");
		swarm
			.run(Map.of("SAID", "it's \"$5\" in C:\\new"), "deploy", "--name", "speaker", first.toString(),
					second.toString())
			.orFail();
		assertThat(Pi.MANAGER.run("docker service logs --raw speaker_speaker"))
			.contains("from a config, from a secret, from a file: pa$word, it's \"$5\" in C:\\new");
		assertThat(Pi.MANAGER.run("ls /run | grep swarm-files || echo none")).isEqualTo("none");
		Files.writeString(second, "services: {other: {image: localhost/speaker:1}}");
		Command.Result deploy = swarm.run("deploy", "--name", "speaker", second.toString());
		assertThat(deploy.exitCode()).isEqualTo(1);
		assertThat(deploy.output()).contains("would be removed: speaker_speaker. Pass --yes to confirm");
		Pi.MANAGER.run("docker stack rm speaker");

		Files.writeString(first, "services: {speaker: {image: localhost/speaker:1, volumes: ['./kept:/kept']}}");
		deploy = swarm.run("deploy", "--name", "speaker", first.toString());
		assertThat(deploy.exitCode()).isEqualTo(1);
		assertThat(deploy.output()).contains("a volume is a directory next to this file, which no Pi has");
		Files.writeString(first, "services: {speaker: {image: localhost/speaker:1, env_file: ../secrets}}");
		deploy = swarm.run("deploy", "--name", "speaker", first.toString());
		assertThat(deploy.exitCode()).isEqualTo(1);
		assertThat(deploy.output()).contains("names ../secrets, which is not in the directory of this file or below");
	}

	@Test
	@Order(6)
	void saysWhyNothingWasDeployed() throws IOException {
		List<String> before = tasks();
		Command.Result deploy = swarm.run(Map.of("BASE_IMAGE", Settings.BASE_IMAGE, "REGISTRY", "127.0.0.1:1/kit"),
				"deploy");
		assertThat(deploy.exitCode()).isEqualTo(1);
		assertThat(deploy.output()).contains("onnection refused").contains("what ran before runs on");

		String arm64 = Settings.REGISTRY + "/jre-arm64:25";
		Command.run(Duration.ofMinutes(2), "",
				List.of("skopeo", "--insecure-policy", "copy", "--quiet", "--override-arch", "arm64",
						"--src-tls-verify=false", "--dest-tls-verify=false", "docker://" + Settings.BASE_IMAGE,
						"docker://" + arm64))
			.orFail();
		deploy = swarm.run(Map.of("BASE_IMAGE", arm64), "deploy");
		assertThat(deploy.exitCode()).isEqualTo(1);
		assertThat(deploy.output()).contains(arm64 + "' is not a manifest list").contains("what ran before runs on");

		deploy = swarm.run("deploy", "none.yml");
		assertThat(deploy.exitCode()).isEqualTo(1);
		assertThat(deploy.output()).contains("cannot read none.yml");

		Path compose = Files.writeString(Settings.TARGET.resolve("compose-keys.yml"),
				Stack.file().replace("  consumer:\n", "  consumer:\n    container_name: one\n    restart: always\n"));
		String notes = swarm.run("deploy", "--dry-run", compose.toAbsolutePath().toString()).orFail();
		assertThat(notes).contains("Swarm ignores container_name; write nothing",
				"Swarm ignores restart; write deploy: restart_policy:");
		Files.writeString(compose, Stack.file().replace("  consumer:\n", "  consumer:\n    mem_limit: 1G\n"));
		deploy = swarm.run("deploy", compose.toAbsolutePath().toString());
		assertThat(deploy.exitCode()).isEqualTo(1);
		assertThat(deploy.output()).contains("Swarm refuses mem_limit; write deploy: resources: limits:");

		Path stray = Files.writeString(Settings.TARGET.resolve("stray.yml"),
				"services: {stray: {image: '%s/nowhere:1'}}".formatted(Settings.REGISTRY));
		deploy = swarm.run("deploy", "--name", "stray", stray.toAbsolutePath().toString());
		assertThat(deploy.exitCode()).isEqualTo(1);
		assertThat(deploy.output()).contains("No such image: " + Settings.REGISTRY + "/nowhere:1",
				"can the Pi reach the registry");
		Files.writeString(stray, "services: {stray: {image: '%s', deploy: {resources: {reservations: {memory: 1T}}}}}"
			.formatted("localhost/nowhere:1"));
		deploy = swarm.run("deploy", "--name", "stray", stray.toAbsolutePath().toString());
		assertThat(deploy.exitCode()).isEqualTo(1);
		assertThat(deploy.output()).contains("no node can take it", "no node has as much memory left");
		Pi.MANAGER.run("docker stack rm stray");
		assertThat(tasks()).isEqualTo(before);
	}

	@Test
	@Order(7)
	void saysThatAnImageIsForAnotherProcessor() throws IOException {
		// All that a kernel reads of a program before it knows: its header, of one for
		// arm64.
		PI2.run("mkdir /tmp/foreign && printf '\\177ELF\\2\\1\\1\\0\\0\\0\\0\\0\\0\\0\\0\\0\\2\\0\\267\\0\\1' >/tmp/foreign/main && "
				+ "truncate --size 120 /tmp/foreign/main && chmod +x /tmp/foreign/main && "
				+ "tar -C /tmp/foreign -c main | docker import --platform linux/arm64 - localhost/foreign:arm64");
		Path foreign = Files.writeString(Settings.TARGET.resolve("foreign.yml"), """
				services:
				  foreign:
				    image: localhost/foreign:arm64
				    command: [/main]
				    deploy: {placement: {constraints: [node.hostname == pi2]}}
				""");
		Command.Result deploy = swarm.run("deploy", "--name", "foreign", foreign.toAbsolutePath().toString());
		assertThat(deploy.exitCode()).isEqualTo(1);
		assertThat(deploy.output()).contains("exec format error",
				"the image is not made for this Pi's processor: build it for arm64 and amd64");
		Pi.MANAGER.run("docker stack rm foreign");
	}

	@Test
	@Order(8)
	void refusesABadRelease() throws IOException {
		Path bad = Files.writeString(Settings.TARGET.resolve("bad-release.yml"),
				Stack.file().replaceFirst("(?s)(environment:\n)( +)", "$1$2PRODUCER_PORT: none\n$2"));
		try (Load load = Load.on(Pi.ALL)) {
			long start = System.nanoTime();
			Command.Result deploy = swarm.run(SwarmSetup.BASE, "deploy", bad.toAbsolutePath().toString());
			assertThat(deploy.exitCode()).isEqualTo(1);
			Report.figure("swarm deploy, refusing a bad release",
					Report.seconds(Duration.ofNanos(System.nanoTime() - start)));
			assertThat(deploy.output())
				.contains("numbers_producer: Swarm rolled the release back; the previous one runs")
				.contains("PRODUCER_PORT=none is not allowed")
				.contains("What runs now:", "numbers_consumer: updated; 1 of 1 replicas run",
						"numbers_producer: rolled back to the previous release; 2 of 2 replicas run");
			assertThat(load.end().failures()).isEmpty();
		}
	}

	/** As samples/dockercoins/README.md shows it. */
	@Test
	@Order(8)
	void deploysASampleNextToTheNumbers() {
		String redis = Settings.REGISTRY + "/redis:debian";
		// Only a manager runs Redis.
		Pi.MANAGER.pull(redis);
		List<String> before = tasks();
		Map<String, String> variables = new HashMap<>(SwarmSetup.BASE);
		variables.put("REDIS_IMAGE", redis);
		// As a user does. Three nodes that share two processors had not made half of the
		// twelve class caches after ten minutes.
		Command.Result deploy = swarm.interrupt(variables, "(class caches)", "deploy",
				Settings.PROJECT.resolve("samples/dockercoins/stack.yml").toString());
		assertThat(deploy.output()).contains("all replicas of dockercoins run",
				"interrupted; the release runs, and the next deploy makes the class caches that are missing");
		assertThat(deploy.exitCode()).isEqualTo(130);
		for (Pi pi : Pi.ALL) {
			Wait.until("the training on %s is stopped".formatted(pi.name()), Duration.ofMinutes(1),
					() -> pi.run("docker ps --all --quiet --filter name=pi-swarm-kit-training").isEmpty());
		}
		String counts = "http://" + PI3.address() + ":8000/json";
		Wait.until("hashes are made", Duration.ofMinutes(2),
				() -> JsonPath.<Number>read(Http.get(counts).body(), "$.hashes").longValue() > 0);
		assertThat(tasks()).isEqualTo(before);
		assertThat(Http.get(PI3.producerUrl()).isNumber()).isTrue();
		Pi.MANAGER.run("docker stack rm dockercoins");
		Wait.until("its containers are removed", Duration.ofMinutes(2),
				() -> Pi.ALL.stream()
					.allMatch((pi) -> pi
						.run("docker ps --all --quiet --filter label=com.docker.stack.namespace=dockercoins")
						.isEmpty()));
	}

	private static List<String> tasks() {
		return Stack.lines("docker stack ps --quiet --filter desired-state=running numbers | sort");
	}

}

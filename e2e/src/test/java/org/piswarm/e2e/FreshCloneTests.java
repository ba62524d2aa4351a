package org.piswarm.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A clone in which nothing was built yet, and one to which a service was added. */
@ExtendWith(WholeCluster.class)
class FreshCloneTests {

	private static final Pi HOST = new Pi(2);

	private static final String DEFAULT_PREFIX = "localhost/built-by-make-images";

	private static final String TAG = "three";

	/** What the third service answers on a node. */
	private static final String GREETER_URL = "http://%s:5001/number";

	private static final Duration BUILD = Duration.ofMinutes(10);

	@BeforeEach
	@AfterEach
	void removeAll() {
		HOST.run(
				"docker ps --all --quiet --filter label=com.docker.compose.project | xargs --no-run-if-empty docker rm --force; "
						+ "docker network prune --force --filter label=com.docker.compose.project");
		Stack.removeAll();
		// The tutorial leaves images of these names on the nodes.
		Pi.ALL.forEach((pi) -> pi.run(
				"docker image ls --filter reference='%s/*' --format '{{.Repository}}:{{.Tag}}' | xargs --no-run-if-empty docker image rm --force"
					.formatted(DEFAULT_PREFIX)));
	}

	@Test
	void composeSaysWhichImageIsMissingAndWhatBuildsIt() throws IOException {
		bring(Settings.PROJECT.resolve("compose.yml"));
		Command.Result up = HOST.tryTo("cd /root/fresh && timeout 120 docker compose up", "");
		assertThat(up.exitCode()).isNotZero();
		assertThat(up.output()).containsPattern(
				"no image %s/(producer|consumer):latest: 'make images' builds it".formatted(DEFAULT_PREFIX));
		assertThat(HOST.leftByCompose()).isEmpty();
	}

	@Test
	void stackSaysWhichImageIsMissingByANameThatSaysWhatBuildsIt() {
		String missing = "No such image: " + DEFAULT_PREFIX + "/";
		// Docker waits for one service after another, in no fixed order, and none of
		// their
		// replicas ever runs; grep ends with the first line that matches.
		Command.Result deploy = Pi.MANAGER.tryTo(
				"timeout 120 docker stack deploy --detach=false --compose-file - fresh 2>&1 | grep --max-count 1 '%s'"
					.formatted(missing),
				Stack.file());
		assertThat(deploy.output()).containsPattern(missing + "(producer|consumer):latest");
		for (String service : List.of("producer", "consumer")) {
			Wait.until("the error of the " + service + " names its image", Duration.ofMinutes(1),
					() -> Pi.MANAGER.run("docker service ps --no-trunc --format '{{.Error}}' fresh_" + service)
						.contains(missing + service + ":latest"));
		}
	}

	@Test
	void aThirdServiceIsPushedPulledAndRunLikeTheOthers(@TempDir Path clone) throws IOException {
		onThisMachine(Settings.PROJECT.resolve("scripts/copy-with-greeter").toString(), clone.toString());
		onThisMachine("make", "-C", clone.toString(), "push", "REGISTRY=" + Settings.REGISTRY, "TAG=" + TAG,
				"BASE_IMAGE=" + Settings.BASE_IMAGE);
		String index = onThisMachine("skopeo", "inspect", "--raw", "--tls-verify=false",
				"docker://%s/greeter:%s".formatted(Settings.REGISTRY, TAG));
		List<String> architectures = JsonPath.read(index, "$.manifests[*].platform.architecture");
		assertThat(architectures).containsExactlyInAnyOrder("arm64", "amd64");

		bring(clone.resolve("compose.yml"));
		// Compose pulls, since the registry has what the node lacks.
		withRegistry(HOST, "cd /root/fresh && docker compose up --detach --wait");
		assertThat(Http.get(GREETER_URL.formatted(HOST.address())).isNumber()).isTrue();
		Wait.until("numbers arrive", Duration.ofSeconds(30), () -> Stack.counts(HOST).received() >= 2);
		HOST.run("cd /root/fresh && docker compose down");

		for (Pi pi : Pi.ALL) {
			withRegistry(pi,
					"for service in producer consumer greeter; do docker pull --quiet $REGISTRY/$service:$TAG; done");
		}
		Stack.deploy("three", Map.of("TAG", TAG), Files.readString(clone.resolve("stack.yml")));
		for (Pi pi : Pi.ALL) {
			Http.Answer answer = Http.get(GREETER_URL.formatted(pi.address()));
			assertThat(answer.isNumber()).as("%s: %s", pi.name(), answer).isTrue();
			assertThat(answer.replica()).startsWith("greeter-");
		}
	}

	private static void bring(Path file) throws IOException {
		HOST.tryTo("mkdir -p /root/fresh && cat >/root/fresh/compose.yml", Files.readString(file)).orFail();
	}

	/** Runs a line of shell on a node, which reaches the registry of this machine. */
	private static void withRegistry(Pi pi, String line) {
		String port = Settings.REGISTRY.split("[:/]")[1];
		onThisMachine(Settings.VIRTUAL_PIS, "ssh", Integer.toString(pi.number()), "-R",
				"%1$s:127.0.0.1:%1$s".formatted(port),
				"export REGISTRY=%s TAG=%s; %s".formatted(Settings.REGISTRY, TAG, line));
	}

	private static String onThisMachine(String... command) {
		return Command.run(BUILD, "", List.of(command)).orFail();
	}

}

package org.piswarm.swarm.stack;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.piswarm.swarm.known.Fact;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class StackTests {

	/** As {@code docker stack config} writes it. */
	private static final String CONFIG = """
			version: "3.13"
			services:
			  job:
			    deploy:
			      mode: replicated-job
			    image: registry.example/job:2
			  web:
			    configs:
			      - source: motd
			        target: /motd
			        mode: 288
			    container_name: one
			    environment:
			      A: pa$word
			      B: "yes"
			      C: "0x1F"
			      D: "1_000"
			      E: "08"
			      "N": null
			    image: localhost/built-by-make-images/web:latest
			    restart: always
			    volumes:
			      - type: bind
			        source: /run/swarm-files.a/1/2/3/4/files/kept
			        target: /kept
			secrets:
			  word:
			    file: /run/swarm-files.a/1/2/3/4/files/word
			configs:
			  ext:
			    external: true
			  motd:
			    file: /run/swarm-files.a/1/2/3/4/files/kept/motd
			x-more:
			  price: 5$
			""";

	@Test
	void findsVariablesWithoutAValue() {
		assertThat(stack(CONFIG).variablesWithoutValue()).containsExactly("N");
	}

	private static Stack stack(String yaml) {
		return Stack.parse(yaml).fold((stack) -> stack, (reason) -> {
			throw new AssertionError(reason);
		});
	}

	@Test
	void readsWhatDeployNeeds() {
		Stack stack = stack(CONFIG);
		assertThat(stack.services()).containsExactly("job", "web");
		assertThat(stack.images()).containsExactly(Map.entry("job", "registry.example/job:2"),
				Map.entry("web", "localhost/built-by-make-images/web:latest"));
		assertThat(stack.files()).containsExactly("/run/swarm-files.a/1/2/3/4/files/kept/motd",
				"/run/swarm-files.a/1/2/3/4/files/word");
		assertThat(stack.mountBelow("/run/swarm-files.a")).isPresent();
		assertThat(stack.mountBelow("/run/swarm-files")).isEmpty();
	}

	@Test
	void dockerReadsTheSameValuesAgain() {
		JsonNode again = new JsonMapper()
			.readTree(stack(CONFIG).withImages(Map.of("localhost/built-by-make-images/web:latest", "web:1")).text());
		JsonNode web = again.path("services").path("web");
		assertThat(web.path("image").asString()).isEqualTo("web:1");
		assertThat(web.path("environment").path("A").asString()).isEqualTo("pa$$word");
		assertThat(List.of("B", "C", "D", "E"))
			.allMatch((variable) -> web.path("environment").path(variable).isString());
		assertThat(web.path("environment").path("N").isNull()).isTrue();
		assertThat(web.path("configs").get(0).path("mode").asInt()).isEqualTo(288);
		// Docker puts no values in here.
		assertThat(again.path("x-more").path("price").asString()).isEqualTo("5$");
		assertThat(again.path("services").path("job").path("image").asString()).isEqualTo("registry.example/job:2");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a: [", "services: {}", "services: {web: 1}", "- services" })
	void isUnknownWithoutServices(String yaml) {
		assertThat(Stack.parse(yaml)).isInstanceOf(Fact.Unknown.class);
	}

	@Test
	void saysWhatToWriteInsteadOfKeysOfCompose() {
		assertThat(ComposeKeys.ignored(stack(CONFIG))).containsExactly(
				"Swarm ignores container_name; write nothing: each replica has a name of its own",
				"Swarm ignores restart; write deploy: restart_policy:");
		assertThat(ComposeKeys.forbidden(
				List.of("services:\n  a:\n    mem_limit: 1G\n", "services: {a: {cpuset: '1', environment: {X: y}}}")))
			.containsExactly("Swarm refuses cpuset; write deploy: resources: limits:",
					"Swarm refuses mem_limit; write deploy: resources: limits:");
	}

}

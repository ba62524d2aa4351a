package org.piswarm.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the pushed arm64 images in an emulator of that processor, with the entry point and
 * the environment of the image. No engine is involved, so none can pick the image for
 * another architecture. No node is involved either, so the nodes' tests can run
 * meanwhile.
 */
@Execution(ExecutionMode.CONCURRENT)
class Arm64Tests {

	/** An emulated processor is slow, and the nodes come first on this machine's own. */
	private static final Duration START = Duration.ofMinutes(8);

	private static final Path DIRECTORY = Settings.TARGET.resolve("arm64").toAbsolutePath();

	private final List<Process> services = new ArrayList<>();

	@AfterEach
	void end() throws InterruptedException {
		for (Process service : this.services) {
			service.descendants().forEach(ProcessHandle::destroyForcibly);
			service.destroyForcibly().waitFor();
		}
	}

	@Test
	void theConsumerReceivesNumbersFromTheProducer() throws IOException {
		for (String service : List.of("producer", "consumer")) {
			List<String> platforms = JsonPath.read(skopeo("inspect", "--raw", image(service)),
					"$.manifests[*].platform.architecture");
			assertThat(platforms).containsExactlyInAnyOrder("arm64", "amd64");
		}
		int producerPort = Settings.freePort();
		int consumerPort = Settings.freePort();
		long start = System.nanoTime();
		start("producer", Map.of("PRODUCER_PORT", Integer.toString(producerPort)));
		String number = "http://127.0.0.1:" + producerPort + "/number";
		Wait.until("the producer answers", START, () -> Http.get(number).isNumber());
		Report.figure("arm64, emulated: until the producer answers",
				Report.seconds(Duration.ofNanos(System.nanoTime() - start)));

		start = System.nanoTime();
		// In the emulator the first attempts need more than their 700 ms. Later ones find
		// a producer that has loaded its classes.
		start("consumer", Map.of("CONSUMER_PORT", Integer.toString(consumerPort), "PRODUCER_URL", number));
		String stats = "http://127.0.0.1:" + consumerPort + "/api/stats";
		Wait.until("the consumer receives numbers", START, () -> Stack.counts(stats).received() >= 3);
		Report.figure("arm64, emulated: until the consumer has received three numbers",
				Report.seconds(Duration.ofNanos(System.nanoTime() - start)));
		for (String service : List.of("producer", "consumer")) {
			assertThat(Files.readString(DIRECTORY.resolve(service + ".log")))
				.as(service + " uses the library for arm64")
				.contains("through EpollServerSocketChannel");
		}
	}

	private void start(String service, Map<String, String> variables) throws IOException {
		Path root = DIRECTORY.resolve(service);
		unpack(service, root);
		String config = skopeo("inspect", "--config", "--override-arch", "arm64", image(service));
		assertThat(JsonPath.<String>read(config, "$.architecture")).isEqualTo("arm64");
		List<String> command = new ArrayList<>(List.of("nice", "-n", "19", "setpriv", "--pdeathsig", "KILL", "unshare",
				"--mount", "--pid", "--fork", "--kill-child", "env", "-i"));
		command.addAll(JsonPath.<List<String>>read(config, "$.config.Env"));
		variables.forEach((variable, value) -> command.add(variable + "=" + value));
		command.addAll(List.of("sh", "-c", "mount -t proc proc \"$0/proc\" && exec \"$@\"", root.toString(),
				"/usr/sbin/chroot", "--userspec=10001:10001", root.toString(), "/qemu-aarch64"));
		// As /app/start does without a class cache: in the emulator, a program cannot
		// start another one. The emulator does not search PATH.
		command.add(JsonPath.<List<String>>read(config, "$.config.Env[?(@ =~ /JAVA_HOME=.*/)]").get(0).substring(10)
				+ "/bin/java");
		List<String> entrypoint = JsonPath.read(config, "$.config.Entrypoint");
		assertThat(entrypoint.get(0)).isEqualTo("/app/start");
		assertThat(entrypoint).endsWith("--");
		command.addAll(entrypoint.subList(1, entrypoint.size() - 1));
		String code = "/app/classpath/*";
		String classPath = Files.readString(root.resolve("app/jib-classpath-file"));
		assertThat(classPath).startsWith(code + ":/app/libs/");
		command.addAll(List.of("-cp", classPath.substring(code.length() + 1) + ":" + code,
				Files.readString(root.resolve("app/jib-main-class-file"))));
		this.services.add(new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(DIRECTORY.resolve(service + ".log").toFile())
			.start());
	}

	private static void unpack(String service, Path root) throws IOException {
		Path layers = DIRECTORY.resolve(service + "-layers");
		Command.run(Duration.ofMinutes(1), "", List.of("rm", "-rf", root.toString(), layers.toString())).orFail();
		Files.createDirectories(root.resolve("proc"));
		skopeo("copy", "--quiet", "--override-arch", "arm64", "--src-tls-verify=false", image(service),
				"dir:" + layers);
		List<String> digests = JsonPath.read(Files.readString(layers.resolve("manifest.json")), "$.layers[*].digest");
		for (String digest : digests) {
			Command.run(Duration.ofMinutes(2), "",
					List.of("tar", "--extract", "--gzip", "--file",
							layers.resolve(digest.substring("sha256:".length())).toString(), "--directory",
							root.toString(), "--keep-directory-symlink"))
				.orFail();
		}
		Files.createDirectories(root.resolve("proc"));
		Files.copy(Path.of(Settings.required("QEMU_AARCH64")), root.resolve("qemu-aarch64"));
	}

	private static String image(String service) {
		return "docker://" + Settings.REGISTRY + "/" + service + ":" + Settings.FIRST;
	}

	private static String skopeo(String verb, String... arguments) {
		List<String> command = new ArrayList<>(List.of("skopeo", "--insecure-policy", verb));
		if (verb.equals("inspect")) {
			command.add("--tls-verify=false");
		}
		command.addAll(List.of(arguments));
		return Command.run(Duration.ofMinutes(3), "", command).orFail();
	}

}

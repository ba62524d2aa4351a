package org.piswarm.e2e;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives each test three nodes that are on and in one Swarm; and keeps what nodes and
 * services had to say when a test fails.
 */
class WholeCluster implements BeforeEachCallback, AfterTestExecutionCallback {

	@Override
	public void beforeEach(ExtensionContext context) {
		if (isWhole()) {
			return;
		}
		for (Pi pi : Pi.ALL) {
			pi.replug();
			pi.powerOn();
		}
		Wait.until("all nodes are ready and active", Duration.ofMinutes(2), () -> {
			for (Pi pi : Pi.ALL) {
				Pi.MANAGER.run("docker node update --availability active " + pi.name());
			}
			return isWhole();
		});
	}

	private static boolean isWhole() {
		Command.Result nodes = Pi.MANAGER.tryTo("docker node ls --format '{{.Status}} {{.Availability}}'", "");
		return nodes.exitCode() == 0 && nodes.output().lines().filter("Ready Active"::equals).count() == Pi.ALL.size();
	}

	@Override
	public void afterTestExecution(ExtensionContext context) throws Exception {
		if (context.getExecutionException().isEmpty()) {
			return;
		}
		Path logs = Settings.TARGET
			.resolve("logs/" + context.getRequiredTestClass().getSimpleName() + "." + context.getDisplayName());
		Files.createDirectories(logs);
		for (Pi pi : Pi.ALL) {
			keep(logs.resolve(pi
				.name() + ".txt"), pi, "docker ps --all; journalctl --boot --no-pager --unit docker | tail -n 300; "
						+ "for c in $(docker ps --all --quiet); do echo \"== $c\"; docker logs --tail 100 --timestamps $c; done");
		}
		keep(logs.resolve("swarm.txt"), Pi.MANAGER, "docker node ls; docker service ls; "
				+ "for s in $(docker service ls --quiet); do docker service ps --no-trunc $s; docker service inspect $s; done");
		System.out.println("The logs of nodes and services are in e2e/" + logs);
	}

	private static void keep(Path file, Pi pi, String line) throws Exception {
		String output;
		try {
			output = pi.tryTo(line, "").output();
		}
		catch (AssertionError ex) {
			output = ex.toString();
		}
		Files.write(file, output.getBytes(StandardCharsets.UTF_8));
	}

}

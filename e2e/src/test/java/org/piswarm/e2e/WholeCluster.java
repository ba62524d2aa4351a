package org.piswarm.e2e;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives each test three nodes that are on and in one Swarm; and keeps what nodes and
 * services had to say when a test fails.
 */
class WholeCluster implements BeforeEachCallback, AfterEachCallback {

	@Override
	public void beforeEach(ExtensionContext context) {
		for (Pi pi : Pi.ALL) {
			pi.replug();
			pi.powerOn();
		}
		for (String node : Stack.lines("docker node ls --filter role=worker --format '{{.Hostname}}'")) {
			Pi.MANAGER.run("docker node update --availability active " + node);
		}
		Wait.until("all nodes are ready", Duration.ofMinutes(2),
				() -> Stack.lines("docker node ls --format '{{.Status}} {{.Availability}}'")
					.stream()
					.filter("Ready Active"::equals)
					.count() == Pi.ALL.size());
	}

	@Override
	public void afterEach(ExtensionContext context) throws Exception {
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

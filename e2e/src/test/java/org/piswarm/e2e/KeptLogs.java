package org.piswarm.e2e;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Saves the logs of nodes and services when a test fails. */
class KeptLogs implements AfterTestExecutionCallback {

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

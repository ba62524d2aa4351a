package org.piswarm.e2e;

import java.time.Duration;

import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Gives each test three nodes that are on, connected and active in one Swarm. */
class WholeCluster extends KeptLogs implements BeforeEachCallback {

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

}

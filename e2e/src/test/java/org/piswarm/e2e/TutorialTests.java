package org.piswarm.e2e;

import java.io.IOException;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** docs/tutorial.md, from bare Pis on. */
@ExtendWith(KeptLogs.class)
class TutorialTests {

	@Test
	void eachCommandPrintsWhatTheTutorialShows() throws IOException {
		SwarmSetup swarm = SwarmSetup.ofAll();
		// The laptop's Docker is that of pi1. The other Pis get theirs from the tutorial.
		if (Pi.MANAGER.tryTo("command -v docker", "").exitCode() != 0) {
			new SwarmSetup("pi@pi1", swarm.sshConfig()).run("up").orFail();
		}
		swarm.run("down", "--yes").orFail();
		long start = System.nanoTime();
		int commands;
		try (Laptop laptop = new Laptop()) {
			commands = new Tutorial(laptop).follow(Settings.PROJECT.resolve("docs/tutorial.md"));
		}
		Report.figure("Tutorial: its %d commands".formatted(commands),
				Report.seconds(Duration.ofNanos(System.nanoTime() - start)));
	}

}

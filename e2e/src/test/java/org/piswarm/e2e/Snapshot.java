package org.piswarm.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A state of all Pis from which tests start: copies of their disks. The first test that
 * needs one makes it.
 */
enum Snapshot {

	/** Without Docker, as on their first day. */
	BARE {
		@Override
		void make() {
			forEachPi((disk, copy) -> Files.deleteIfExists(disk.resolveSibling("complete")));
			Pi.upAllBare();
		}

		@Override
		void awaitReady() {
		}
	},

	/** One Swarm, of which pi2 is behind a firewall. */
	SWARM {
		@Override
		void make() {
			BARE.restore();
			new Pi(2).run("apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq --no-install-recommends "
					+ "install ufw && ufw allow 22/tcp && ufw --force enable");
			SwarmSetup.ofAll().run("up").orFail();
		}

		@Override
		void awaitReady() {
			Wait.until("all nodes are ready", Duration.ofMinutes(3),
					() -> Pi.MANAGER.tryTo("docker node ls --format '{{.Status}}'", "")
						.output()
						.lines()
						.filter("Ready"::equals)
						.count() == Pi.ALL.size());
		}
	},

	/** The project's stack runs on it. */
	STACK {
		@Override
		void make() {
			SWARM.restore();
			SwarmSetup.ofAll().run(SwarmSetup.BASE, "deploy").orFail();
		}

		@Override
		void awaitReady() {
			SWARM.awaitReady();
			new Stack("numbers").awaitReplicas();
			Wait.until("every node passes requests on", Duration.ofMinutes(1),
					() -> Pi.ALL.stream().allMatch((pi) -> Http.get(pi.producerUrl()).isNumber()));
		}
	};

	private static final String DISK = "disk.cow";

	abstract void make();

	abstract void awaitReady();

	/** Gives all Pis the disks of this state, and boots them. */
	void restore() {
		if (!Files.exists(directory())) {
			make();
			keep();
			return;
		}
		forEachPi((disk, copy) -> copy(copy, disk));
		Pi.upAllBare();
		awaitReady();
	}

	private void keep() {
		awaitReady();
		Pi.ALL.forEach((pi) -> pi.run("sync"));
		forEachPi((disk, copy) -> {
			Files.createDirectories(copy.getParent());
			copy(disk, copy);
		});
		Pi.upAllBare();
		awaitReady();
	}

	private Path directory() {
		return Settings.TARGET.resolve("snapshots").resolve(name());
	}

	static void copy(Path from, Path to) {
		Command
			.run(Duration.ofMinutes(5), "", List.of("cp", "--sparse=always", "--force", from.toString(), to.toString()))
			.orFail();
	}

	/** Switches each Pi off, and then does something with its disk and the copy of it. */
	void forEachPi(Action action) {
		for (Pi pi : Pi.ALL) {
			try {
				pi.powerOff();
				action.apply(Settings.NODES.resolve(pi.name()).resolve(DISK), directory().resolve(pi.name()));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	interface Action {

		void apply(Path disk, Path copy) throws IOException;

	}

}

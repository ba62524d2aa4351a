package org.piswarm.swarm.ssh;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Lets a port of a Pi lead to one of this machine, both on their loopbacks. */
final class WayBack {

	/** One of them may be in use. */
	private static final int TRIES = 3;

	private WayBack() {
	}

	/** Ports below those that a kernel takes for outgoing connections. */
	static int[] ports() {
		return new Random().ints(TRIES, 20000, 30000).toArray();
	}

	/**
	 * A command for the connection behind a socket. Without the user's configuration, so
	 * that the ports that it forwards stay out of this.
	 */
	static List<String> forward(Path socket, int there, int here) {
		return List.of("ssh", "-F", "none", "-o", "ControlPath=" + socket, "-O", "forward", "-R",
				"127.0.0.1:" + there + ":127.0.0.1:" + here, "nobody");
	}

}

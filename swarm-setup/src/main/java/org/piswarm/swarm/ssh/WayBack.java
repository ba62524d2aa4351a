package org.piswarm.swarm.ssh;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.piswarm.swarm.known.Fact;

/**
 * Lets a port of a Pi lead to one of this machine, both on their loopbacks.
 *
 * @param ssh starts commands
 * @param call a connection of its own
 * @param socket the socket that controls it, which exists once it is open
 * @param here the port of this machine
 */
record WayBack(Ssh ssh, Call call, Path socket, int here) {

	private static final Duration DEADLINE = Duration.ofSeconds(20);

	/** A port may be in use. */
	private static final int TRIES = 3;

	/** Returns the port of the Pi. */
	Fact<Integer> open() {
		awaitConnection();
		String reason = "did not connect within " + DEADLINE.toSeconds() + " s";
		// Below the range from which a kernel takes ports for outgoing connections.
		for (int port : new Random().ints(TRIES, 20000, 30000).toArray()) {
			if (!Files.exists(this.socket)) {
				break;
			}
			Fact<Reply> forward = this.ssh.await(this.ssh.start(forward(this.socket, port, this.here), ""), DEADLINE);
			if (forward.value().filter((reply) -> reply.exit() == 0).isPresent()) {
				return Fact.known(port);
			}
			reason = "its SSH server lets none of its ports lead to this machine: set AllowTcpForwarding yes in "
					+ "/etc/ssh/sshd_config (SSH: " + forward.fold(Reply::complaint, (unknown) -> unknown) + ")";
		}
		return Fact.unknown(reason);
	}

	private void awaitConnection() {
		long end = System.nanoTime() + DEADLINE.toNanos();
		try {
			while (this.call.isRunning() && !Files.exists(this.socket) && System.nanoTime() < end) {
				TimeUnit.MILLISECONDS.sleep(50);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * A command for the connection behind a socket. Without the user's configuration, so
	 * that the ports which that forwards are not forwarded here.
	 */
	static List<String> forward(Path socket, int there, int here) {
		return List.of("ssh", "-F", "none", "-o", "ControlPath=" + socket, "-O", "forward", "-R",
				"127.0.0.1:" + there + ":127.0.0.1:" + here, "nobody");
	}

}

package org.piswarm.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Free ports on the loopback. */
final class Ports {

	private final Set<Integer> given = new HashSet<>();

	/**
	 * Below the range of outgoing connections, so that none of them takes it between two
	 * starts.
	 */
	int next() {
		while (true) {
			int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
			try (ServerSocket socket = new ServerSocket()) {
				socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
				if (this.given.add(port)) {
					return port;
				}
			}
			catch (IOException ex) {
				// Taken: try another one.
			}
		}
	}

}

package org.piswarm.testsupport;

import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** For a server that starts later, and perhaps again on the same port. */
public final class FreePort {

	private FreePort() {
	}

	/**
	 * Finds a port below the range of outgoing connections, so that none of them takes it
	 * while its server does not run.
	 */
	public static int find() throws IOException {
		while (true) {
			int port = ThreadLocalRandom.current().nextInt(20_000, 30_000);
			try (ServerSocket free = new ServerSocket(port)) {
				return free.getLocalPort();
			}
			catch (BindException ex) {
				// Taken: try another one.
			}
		}
	}

}

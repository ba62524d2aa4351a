package org.piswarm.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;

/** What {@code e2e/run} has prepared and passes in environment variables. */
final class Settings {

	/** The program that runs the nodes. */
	static final String VIRTUAL_PIS = required("VIRTUAL_PIS");

	/** The first three numbers of the nodes' addresses. */
	static final String NETWORK = required("VIRTUAL_PIS_NETWORK");

	/** The directory of the nodes' disks and keys. */
	static final Path NODES = Path.of(required("VIRTUAL_PIS_DIR"));

	/** The base image of all images that are built here. */
	static final String BASE_IMAGE = required("BASE_IMAGE");

	/** The registry of the images. The nodes hold those with the tags below. */
	static final String REGISTRY = required("REGISTRY");

	/** Two good releases, and two bad ones. */
	static final String FIRST = "first";

	static final String SECOND = "second";

	static final String NEVER_HEALTHY = "never-healthy";

	static final String CRASHING = "crashing";

	/** The directory for reports and logs. */
	static final Path TARGET = Path.of("target");

	/** The root of the project. */
	static final Path PROJECT = Path.of("..");

	private Settings() {
	}

	static String required(String variable) {
		String value = System.getenv(variable);
		if (value == null) {
			throw new IllegalStateException(variable + " is not set: start the end-to-end tests with make e2e");
		}
		return value;
	}

	/** A port on which no program listens. */
	static int freePort() {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}

package org.piswarm.samples;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The host that this service runs on: in a container, the container. */
public final class Host {

	private Host() {
	}

	public static String name() {
		String name = System.getenv("HOSTNAME");
		try {
			return (name != null && !name.isBlank()) ? name : InetAddress.getLocalHost().getHostName();
		}
		catch (UnknownHostException ex) {
			return "unknown";
		}
	}

}

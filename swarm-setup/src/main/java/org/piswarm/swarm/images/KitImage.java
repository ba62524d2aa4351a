package org.piswarm.swarm.images;

/**
 * An image that this project has built.
 *
 * @param module the module that it is built from
 * @param digest the digest of the image for all processors, as Jib has written it
 */
public record KitImage(String module, String digest) {

	/**
	 * Nobody serves images under this name, so a node that lacks one fails and never
	 * pulls an image of somebody else.
	 */
	public static final String PREFIX = "localhost/built-by-make-images";

	/**
	 * Named after what is in it: Swarm sees a change in the name alone, and without one,
	 * no replica restarts.
	 */
	public String tag() {
		return this.digest.substring("sha256:".length(), "sha256:".length() + 12);
	}

	public String repository() {
		return PREFIX + "/" + this.module;
	}

	/** Its name on the nodes. */
	public String name() {
		return repository() + ":" + tag();
	}

	/** Its reference in a registry at a port of a loopback. */
	public String reference(int port) {
		return "127.0.0.1:" + port + "/" + this.module + "@" + this.digest;
	}

}

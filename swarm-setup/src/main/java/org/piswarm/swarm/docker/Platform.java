package org.piswarm.swarm.docker;

/**
 * An operating system and an architecture.
 *
 * @param architecture the architecture, as a kernel or an image names it; empty if any
 * @param os the operating system; empty if any
 */
public record Platform(String architecture, String os) {

	static Platform from(Json json) {
		return new Platform(json.text("Architecture", ""), json.text("OS", ""));
	}

	/** The architecture, as images name it. */
	public String imageArchitecture() {
		return switch (this.architecture) {
			case "x86_64" -> "amd64";
			case "aarch64" -> "arm64";
			default -> this.architecture;
		};
	}

	/** Whether an image of this platform runs on a node. */
	public boolean runsOn(Platform node) {
		return (this.architecture.isEmpty() || imageArchitecture().equals(node.imageArchitecture()))
				&& (this.os.isEmpty() || this.os.equals(node.os));
	}

}

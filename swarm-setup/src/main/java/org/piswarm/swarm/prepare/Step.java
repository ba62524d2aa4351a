package org.piswarm.swarm.prepare;

import java.time.Duration;

/**
 * One change on a Pi.
 *
 * @param text what it does, such as {@code install Docker}
 * @param script the script that does it
 * @param deadline how long it may take
 */
public record Step(String text, String script, Duration deadline) {

	/** In the present tense, such as {@code installs Docker}. */
	public String present() {
		return this.text.replaceFirst("^\\S+", "$0s");
	}

}

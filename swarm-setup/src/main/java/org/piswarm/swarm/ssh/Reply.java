package org.piswarm.swarm.ssh;

/**
 * What a call of {@code ssh} gave.
 *
 * @param exit its exit code; 255 is SSH's own failure
 * @param out its standard output
 * @param err its standard error
 */
public record Reply(int exit, String out, String err) {

	/** The last line of standard error, or the exit code if there is none. */
	public String complaint() {
		String text = this.err.strip();
		return text.isEmpty() ? "exit code " + this.exit : text.substring(text.lastIndexOf('\n') + 1).strip();
	}

}

package org.piswarm.producer;

import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * What a user may set by environment variables.
 *
 * @param port the port to serve on, 1 to 65535
 */
record Settings(int port) {

	/**
	 * Reads the settings.
	 * @param variables looks up an environment variable, {@code null} if it is not set
	 * @throws InvalidSettingException for the first variable whose value is not allowed
	 */
	static Settings from(UnaryOperator<@Nullable String> variables) {
		String port = variables.apply("PRODUCER_PORT");
		// The default stands in application.yml too, where Spring reads the same
		// variable.
		return new Settings((port != null) ? port(port) : 5000);
	}

	private static int port(String value) {
		try {
			int port = Integer.parseInt(value);
			if (port >= 1 && port <= 65535) {
				return port;
			}
		}
		catch (NumberFormatException ex) {
			// Said below, as for a number out of range.
		}
		throw new InvalidSettingException("PRODUCER_PORT", value, "a port from 1 to 65535, such as 5000");
	}

}

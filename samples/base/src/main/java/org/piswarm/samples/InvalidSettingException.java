package org.piswarm.samples;

/**
 * A setting has a value that is not allowed; the message is the one line for the user.
 */
public class InvalidSettingException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the line.
	 * @param variable the environment variable
	 * @param value what it is set to
	 * @param allowed what it must be, with an example
	 */
	public InvalidSettingException(String variable, String value, String allowed) {
		super("%s=%s is not allowed: it must be %s".formatted(variable, printable(value), allowed));
	}

	/** Without a password in a URL. */
	private static String printable(String value) {
		return value.replaceAll("\\p{Cntrl}", "?")
			.replaceAll("//.*@", "//...@")
			.replaceAll("(?i)(password=)[^&;]*", "$1...");
	}

}

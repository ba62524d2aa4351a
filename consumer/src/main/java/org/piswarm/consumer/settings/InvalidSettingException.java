package org.piswarm.consumer.settings;

/**
 * A setting has a value that is not allowed; the message is the one line for the user.
 */
class InvalidSettingException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	InvalidSettingException(String variable, String value, String allowed) {
		super("%s=%s is not allowed: it must be %s".formatted(variable, oneLineWithoutPassword(value), allowed));
	}

	private static String oneLineWithoutPassword(String value) {
		return value.replaceAll("\\p{Cntrl}", "?").replaceAll("//.*@", "//***@");
	}

}

package org.piswarm.producer;

/**
 * A setting has a value that is not allowed; the message is the one line for the user.
 */
class InvalidSettingException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	InvalidSettingException(String variable, String value, String allowed) {
		super("%s=%s is not allowed: it must be %s".formatted(variable, value.replaceAll("\\p{Cntrl}", "?"), allowed));
	}

}

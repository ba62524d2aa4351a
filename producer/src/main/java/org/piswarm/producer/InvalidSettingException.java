package org.piswarm.producer;

/** A setting that the user got wrong; its message is the one line to show. */
class InvalidSettingException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	InvalidSettingException(String variable, String value, String allowed) {
		super("%s=%s is not allowed: it must be %s".formatted(variable, value.replaceAll("\\p{Cntrl}", "?"), allowed));
	}

}

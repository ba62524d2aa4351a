package org.piswarm.samples;

import java.sql.SQLException;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Explains a failed start that a user can repair, by the variable to set. Spring Boot's
 * own analyzers name properties, which users of a sample do not set.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class StartFailureAnalyzer implements FailureAnalyzer {

	@Override
	public @Nullable FailureAnalysis analyze(Throwable failure) {
		String message = null;
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof BindException bind && bind.getProperty() != null) {
				message = new InvalidSettingException(variable(bind.getProperty()),
						String.valueOf(bind.getProperty().getValue()), allowed(bind.getTarget().getType().toClass()))
					.getMessage();
			}
			if (cause instanceof PortInUseException taken) {
				message = "%s=%d is taken: stop the program that listens there, or set another port"
					.formatted(Port.VARIABLE, taken.getPort());
			}
			if (cause instanceof SQLException refusal) {
				message = "The database cannot be used (%s): start it, or correct DATABASE_URL, DATABASE_USER and DATABASE_PASSWORD"
					.formatted(firstLine(refusal));
			}
			if (cause instanceof InvalidSettingException) {
				message = cause.getMessage();
			}
		}
		return (message != null) ? new FailureAnalysis(message, null, failure) : null;
	}

	private static String firstLine(SQLException refusal) {
		return String.valueOf(refusal.getMessage()).lines().findFirst().orElse("");
	}

	private static String allowed(Class<?> type) {
		return (type == int.class) ? "a whole number" : "a " + type.getSimpleName();
	}

	private static String variable(ConfigurationProperty property) {
		return property.getName().toString().toUpperCase(Locale.ROOT).replace("-", "").replace('.', '_');
	}

}

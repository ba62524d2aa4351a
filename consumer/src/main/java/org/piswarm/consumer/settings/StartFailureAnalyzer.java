package org.piswarm.consumer.settings;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.SystemEnvironmentOrigin;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Explains a failed start that a user can repair, by the variable to set. Spring Boot's
 * own analyzers name properties, which users of this kit do not set.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class StartFailureAnalyzer implements FailureAnalyzer {

	@Override
	public @Nullable FailureAnalysis analyze(Throwable failure) {
		String message = null;
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof BindException bind && bind.getProperty() != null) {
				message = new InvalidSettingException(name(bind.getProperty()),
						String.valueOf(bind.getProperty().getValue()), allowed(bind.getTarget().getType().toClass()))
					.getMessage();
			}
			if (cause instanceof PortInUseException taken) {
				message = "CONSUMER_PORT=%d is taken: stop the program that listens there, or set another port"
					.formatted(taken.getPort());
			}
			if (cause instanceof InvalidSettingException) {
				message = cause.getMessage();
			}
		}
		return (message != null) ? new FailureAnalysis(message, null, failure) : null;
	}

	private static String allowed(Class<?> type) {
		if (type == Duration.class) {
			return "a duration, such as 10s";
		}
		return (type == int.class || type == Integer.class) ? "a whole number" : "a " + type.getSimpleName();
	}

	/** As the user wrote it, where that is known. */
	private static String name(ConfigurationProperty property) {
		Origin origin = property.getOrigin();
		if (origin instanceof PropertySourceOrigin source) {
			origin = source.getOrigin();
		}
		return (origin instanceof SystemEnvironmentOrigin variable) ? variable.getProperty()
				: property.getName().toString();
	}

}

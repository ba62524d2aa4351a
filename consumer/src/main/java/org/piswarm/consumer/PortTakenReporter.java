package org.piswarm.consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Says in one line that the port is taken and which variable chooses another, where
 * Spring Boot would print a paragraph that knows no variable. Listed in
 * {@code META-INF/spring.factories}.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class PortTakenReporter implements SpringBootExceptionReporter {

	/** The constructor that Spring Boot asks for; there may be no context yet. */
	PortTakenReporter(@Nullable ConfigurableApplicationContext context) {
	}

	@Override
	public boolean reportException(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof PortInUseException taken) {
				System.err.printf(
						"CONSUMER_PORT=%d is taken: stop the program that listens there, or set another port%n",
						taken.getPort());
				return true;
			}
		}
		return false;
	}

}

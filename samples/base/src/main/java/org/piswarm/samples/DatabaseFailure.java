package org.piswarm.samples;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why a database did not do what it was asked for: whether to wait, or to repair
 * something.
 *
 * @param reason in a few words, without any data
 */
public record DatabaseFailure(Kind kind, String reason) {

	private static final Logger logger = LoggerFactory.getLogger(DatabaseFailure.class);

	/** Otherwise, each request would add a line. */
	private static final Duration LOG_INTERVAL = Duration.ofMinutes(1);

	/** When each reason was logged. */
	private static final Map<String, Long> logged = new ConcurrentHashMap<>();

	/** Lost connections; and a server that starts, ends or ends a transaction. */
	private static final Set<String> NO_ANSWER = Set.of("08", "57");

	/** Too many connections; and a transaction that paused for too long. */
	private static final Set<String> NO_CONNECTION = Set.of("53300", "25P03");

	/** Timeouts of locks, deadlocks and conflicts; the last two are those of H2. */
	private static final Set<String> LOCKED = Set.of("55P03", "40001", "40P01", "HYT00", "90131");

	/** What a database says about these may quote what it was given. */
	private static final Set<String> DATA = Set.of("22", "23");

	/** What can be done about it. */
	public enum Kind {

		/** It may answer later. */
		NO_ANSWER,

		/** Another transaction is in the way, and ends. */
		LOCKED,

		/** It answers, and will refuse the same again. */
		REFUSED

	}

	/** Explains an exception, and logs one that a person must see. */
	public static DatabaseFailure of(Throwable failure) {
		SQLException cause = mostSpecific(failure);
		if (cause == null) {
			// Such as a table that should have one row and is empty.
			return refused("no usable answer (%s)".formatted(failure.getClass().getSimpleName()), "");
		}
		String state = cause.getSQLState();
		if (state != null && LOCKED.contains(state)) {
			return new DatabaseFailure(Kind.LOCKED, "database: locked by another transaction");
		}
		if (state == null || state.length() < 2 || isConnection(cause) || NO_CONNECTION.contains(state)
				|| NO_ANSWER.contains(state.substring(0, 2))) {
			return new DatabaseFailure(Kind.NO_ANSWER, "database: no answer");
		}
		boolean quotes = DATA.contains(state.substring(0, 2));
		return refused("refused (SQLSTATE %s)".formatted(state), quotes ? "" : ": " + firstLine(cause));
	}

	private static DatabaseFailure refused(String reason, String details) {
		long now = System.nanoTime();
		Long last = logged.get(reason);
		if (last == null || now - last >= LOG_INTERVAL.toNanos()) {
			logged.put(reason, now);
			logger.error("database: {}{}", reason, details);
		}
		return new DatabaseFailure(Kind.REFUSED, "database: " + reason);
	}

	/** The pool and Spring wrap what the driver says. */
	private static @Nullable SQLException mostSpecific(Throwable failure) {
		SQLException last = null;
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof SQLException specific) {
				last = specific;
			}
		}
		return last;
	}

	private static boolean isConnection(SQLException cause) {
		return cause instanceof SQLTransientConnectionException || cause instanceof SQLNonTransientConnectionException;
	}

	private static String firstLine(SQLException cause) {
		return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
	}

}

package org.piswarm.conference.attendees;

import org.jspecify.annotations.Nullable;
import org.piswarm.samples.DatabaseFailure;
import org.piswarm.samples.Text;

import org.springframework.core.NestedRuntimeException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.server.ContentTooLargeException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebInputException;

/** Answers for what cannot be done: RFC 9457, with a detail that says what to do next. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class Problem {

	private static final int SHOWN = 50;

	/** In seconds: a database that is started again needs about as many. */
	private static final String RETRY_AFTER = "5";

	static ErrorResponseException of(HttpStatus status, String title, String detail) {
		return new ErrorResponseException(status, detail(status, title, detail), null);
	}

	static ErrorResponseException badInput(String field, @Nullable String value, String allowed, Object... arguments) {
		String what = (value == null) ? field + " is missing" : "%s=%s is not allowed".formatted(field,
				Text.beginning(value, SHOWN) + ((value.length() > SHOWN) ? "…" : ""));
		return of(HttpStatus.BAD_REQUEST, "Bad input", what + ": it must be " + allowed.formatted(arguments));
	}

	private static ProblemDetail detail(HttpStatus status, String title, String detail) {
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
		problem.setTitle(title);
		return problem;
	}

	@ExceptionHandler
	ProblemDetail unreadable(ServerWebInputException unreadable) {
		return detail(HttpStatus.BAD_REQUEST, "Bad input", "The body cannot be read: it must be JSON such as "
				+ "{\"name\":\"Ada\",\"email\":\"ada@example.org\",\"company\":\"\",\"conference\":\"/conferences/...\"}");
	}

	/** Adds advice where Spring gives none. */
	@ExceptionHandler
	ResponseEntity<ProblemDetail> refused(ResponseStatusException refused) {
		if (refused.getStatusCode() == HttpStatus.NOT_FOUND) {
			refused.setTitle("Unknown path");
			refused.setDetail(
					"This service answers /attendees, /attendees/ID, /conferences and /set-aside; its page is /");
		}
		else if (refused.getStatusCode() == HttpStatus.UNSUPPORTED_MEDIA_TYPE) {
			refused.setTitle("Bad input");
			refused.setDetail("The body must be JSON: send it with the header Content-Type: application/json");
		}
		return ResponseEntity.status(refused.getStatusCode()).headers(refused.getHeaders()).body(refused.getBody());
	}

	@ExceptionHandler
	ProblemDetail tooLong(ContentTooLargeException tooLong) {
		return detail(HttpStatus.CONTENT_TOO_LARGE, "Bad input", "The body is too long: it must have at most 16 KB");
	}

	@ExceptionHandler({ DataAccessException.class, TransactionException.class })
	ResponseEntity<ProblemDetail> database(NestedRuntimeException exception) {
		DatabaseFailure failure = DatabaseFailure.of(exception);
		return switch (failure.kind()) {
			case NO_ANSWER -> unavailable("No database", "The database does not answer: try again in a few seconds");
			case LOCKED -> unavailable("Database locked",
					"Another transaction has locked what this request needs: try again in a few seconds");
			case REFUSED -> ResponseEntity.internalServerError()
				.body(detail(HttpStatus.INTERNAL_SERVER_ERROR, "Database error",
						"%s: the log of this service says why".formatted(failure.reason())));
		};
	}

	@ExceptionHandler
	ResponseEntity<ProblemDetail> busy(TaskRejectedException full) {
		return unavailable("Too many requests at once",
				"This service has more requests than it can answer: try again in a few seconds");
	}

	private static ResponseEntity<ProblemDetail> unavailable(String title, String detail) {
		return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
			.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER)
			.body(detail(HttpStatus.SERVICE_UNAVAILABLE, title, detail));
	}

}

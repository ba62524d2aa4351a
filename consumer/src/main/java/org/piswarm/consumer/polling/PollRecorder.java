package org.piswarm.consumer.polling;

import org.piswarm.consumer.polling.FetchException.Kind;
import org.piswarm.consumer.state.PollCounts;
import org.piswarm.consumer.state.ProducerStatus;
import org.piswarm.consumer.state.ProducerStatus.State;
import org.piswarm.consumer.state.Reading;
import org.piswarm.consumer.state.ReadingHistory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Signal;

import org.springframework.stereotype.Component;

/** Keeps, counts and logs how a poll ended. */
@Component
class PollRecorder {

	private static final Logger logger = LoggerFactory.getLogger(PollRecorder.class);

	private static final String TRACE = "trace.id";

	private final ReadingHistory readings;

	private final PollCounts counts;

	private final ProducerStatus status;

	PollRecorder(ReadingHistory readings, PollCounts counts, ProducerStatus status) {
		this.readings = readings;
		this.counts = counts;
		this.status = status;
	}

	/**
	 * Records a reading, or a failure to fetch one. Any other failure is one for
	 * {@link #error}.
	 */
	void record(Signal<Reading> outcome, Trace trace) {
		Reading reading = outcome.get();
		Throwable failure = outcome.getThrowable();
		if (reading != null) {
			received(reading, trace);
		}
		else if (failure instanceof FetchException fetch) {
			failed(fetch, trace);
		}
	}

	private void received(Reading reading, Trace trace) {
		this.readings.add(reading);
		this.status.received(reading.replica());
		this.counts.received(reading.replica());
		logger.atInfo().addKeyValue(TRACE, trace.id()).log("Received number: {}", reading.number());
	}

	private void failed(FetchException failure, Trace trace) {
		String reason = String.valueOf(failure.getMessage());
		this.status.failed((failure.kind() == Kind.TEMPORARY) ? State.UNREACHABLE : State.REFUSED, reason);
		if (failure.kind() == Kind.INVALID) {
			this.counts.invalid();
		}
		else {
			this.counts.failed();
		}
		logger.atError()
			.addKeyValue(TRACE, trace.id())
			.addKeyValue("error.message", reason)
			.log("Error fetching the number: {}", reason);
	}

	/**
	 * A defect of the consumer: logged first, as the rest may fail for the same reason.
	 */
	void error(Throwable error) {
		logger.error("Error in the consumer itself", error);
		this.counts.error();
		this.status.failed(State.ERROR,
				"error in the consumer itself (%s), see its log".formatted(error.getClass().getName()));
	}

}

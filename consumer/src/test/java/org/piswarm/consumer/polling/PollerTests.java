package org.piswarm.consumer.polling;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;
import org.piswarm.consumer.state.PollCounts;
import org.piswarm.consumer.state.ProducerStatus.State;
import org.piswarm.consumer.state.Reading;
import org.piswarm.consumer.state.ReadingHistory;
import org.piswarm.consumer.state.StateChanges;
import reactor.core.publisher.Mono;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/** What a poll records and announces, also when the consumer itself has a defect. */
@PollingTest
class PollerTests {

	@Test
	void announcesOncePerPollAfterItsObservation(CapturedOutput output) {
		List<String> events = new ArrayList<>();
		TestPoller test = poller(503, 503, 200, 404);
		test.observations = ObservationRegistry.create();
		test.observations.observationConfig().observationHandler(new ObservationHandler<>() {

			@Override
			public void onStop(Observation.Context context) {
				events.add(context.getName() + " observed");
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

		});
		test.changes = new StateChanges() {

			@Override
			public void announce() {
				events.add("announced");
			}

		};
		assertThat(test.poll(output)).singleElement().asString().endsWith(" INFO  Received number: 73");
		assertThat(events).containsExactly("consumer.poll observed", "announced");
		test.poll(output);
		assertThat(events).containsExactly("consumer.poll observed", "announced", "consumer.poll observed",
				"announced");
	}

	@Test
	void reportsADefectInItsOwnRecords(CapturedOutput output) {
		TestPoller test = poller(200);
		test.readings = new ReadingHistory() {

			@Override
			public void add(Reading reading) {
				throw new IllegalStateException("defect of a test");
			}

		};
		reportsADefect(test.poll(output), test, "java.lang.IllegalStateException");
	}

	@Test
	void doesNotBlameTheProducerForItsOwnIllegalArgument(CapturedOutput output) {
		TestPoller test = poller(200);
		test.parser = new NumberParser() {

			@Override
			int parse(byte[] body) {
				throw new IllegalArgumentException("defect of a test");
			}

		};
		reportsADefect(test.poll(output), test, "java.lang.IllegalArgumentException");
	}

	@Test
	void goesOnWhenAnObservationOrAnAnnouncementFails(CapturedOutput output) {
		TestPoller test = poller(200, 200);
		test.observations = ObservationRegistry.create();
		test.observations.observationConfig().observationHandler(new ObservationHandler<>() {

			@Override
			public void onStart(Observation.Context context) {
				throw new IllegalStateException("defect of a handler");
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

		});
		assertThat(test.poll(output)).anyMatch((line) -> line.endsWith(" ERROR Error in the consumer itself"))
			.anyMatch((line) -> line.contains("defect of a handler"));
		test.observations = ObservationRegistry.NOOP;
		test.changes = new StateChanges() {

			@Override
			public void announce() {
				throw new IllegalStateException("defect of a listener");
			}

		};
		assertThat(test.poll(output)).anyMatch((line) -> line.contains("defect of a listener"));
		assertThat(test.counts.snapshot().errors()).isEqualTo(2);
	}

	private static void reportsADefect(List<String> lines, TestPoller test, String exception) {
		assertThat(lines).first().asString().endsWith(" ERROR Error in the consumer itself");
		assertThat(lines).contains(exception + ": defect of a test")
			.anyMatch((line) -> line.startsWith("\tat org.piswarm.consumer.polling.PollerTests"));
		PollCounts.Snapshot counts = test.counts.snapshot();
		assertThat(counts.errors()).isEqualTo(1);
		assertThat(counts.polls()).isEqualTo(1);
		assertThat(counts.received() + counts.failed() + counts.invalid() + counts.retried()).isZero();
		assertThat(test.status.view().state()).isEqualTo(State.ERROR);
		assertThat(test.status.view().reason()).contains(exception, "log");
	}

	private static TestPoller poller(int... statuses) {
		List<Integer> left = new ArrayList<>();
		for (int status : statuses) {
			left.add(status);
		}
		WebClient client = WebClient.builder()
			.exchangeFunction(
					(request) -> Mono.fromSupplier(() -> ClientResponse.create(HttpStatus.valueOf(left.remove(0)))
						.header("Content-Type", "application/json")
						.body("{\"number\":73}")
						.build()))
			.build();
		return new TestPoller(client, "http://producer/number", Duration.ofMillis(500));
	}

}

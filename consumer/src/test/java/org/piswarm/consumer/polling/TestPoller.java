package org.piswarm.consumer.polling;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

import io.github.resilience4j.retry.RetryRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.piswarm.consumer.settings.ConsumerProperties;
import org.piswarm.consumer.state.PollCounts;
import org.piswarm.consumer.state.ProducerStatus;
import org.piswarm.consumer.state.ReadingHistory;
import org.piswarm.consumer.state.StateChanges;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * A poller with a state of its own, as the application puts it together. A test may
 * replace a part before it calls {@link #poller()}.
 */
final class TestPoller {

	private final WebClient client;

	private final ConsumerProperties properties;

	RetryBudget budget;

	NumberParser parser = new NumberParser();

	ReadingHistory readings = new ReadingHistory();

	StateChanges changes = new StateChanges();

	ObservationRegistry observations = ObservationRegistry.NOOP;

	final PollCounts counts = new PollCounts();

	final ProducerStatus status;

	TestPoller(WebClient client, String url, Duration interval) {
		this.client = client;
		this.properties = new ConsumerProperties(URI.create(url), interval, Duration.ofSeconds(60),
				Duration.ofSeconds(10), Duration.ofSeconds(20), 100, 100);
		this.budget = RetryBudget.within(interval);
		this.status = new ProducerStatus(Clock.systemUTC(), this.properties);
	}

	ProducerClient producerClient() {
		return new ProducerClient(
				this.client, this.properties, new ProducerClientConfiguration()
					.producerRetry(RetryRegistry.ofDefaults(), this.budget, this.counts, this.status),
				this.budget, this.parser, Clock.systemUTC());
	}

	Poller poller() {
		PollRecorder recorder = new PollRecorder(this.readings, this.counts, this.status);
		return new Poller(producerClient(), recorder, this.counts, this.changes, this.observations, this.properties);
	}

	/** Polls once, and returns what that adds to the console. */
	List<String> poll(CapturedOutput output) {
		int printed = output.getAll().length();
		poller().poll().block(Duration.ofSeconds(20));
		return output.getAll().substring(printed).lines().toList();
	}

}

package org.piswarm.consumer.web;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.jspecify.annotations.Nullable;
import org.piswarm.consumer.ConsumerApplication;
import org.piswarm.consumer.MockProducer;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** The consumer of a page: it can be restarted, and has a producer with two replicas. */
final class PageConsumer implements AutoCloseable {

	private final MockWebServer producer = new MockWebServer();

	private final String pollInterval;

	private volatile int status = 200;

	private ConfigurableApplicationContext context;

	PageConsumer(String pollInterval, @Nullable History history) throws IOException {
		this.pollInterval = pollInterval;
		this.producer.setDispatcher(new TwoReplicas());
		this.producer.start();
		this.context = start(0, history);
	}

	private ConfigurableApplicationContext start(int port, @Nullable History history) {
		SpringApplication application = new SpringApplication(ConsumerApplication.class);
		if (history != null) {
			application.addInitializers((context) -> history.giveTo((GenericApplicationContext) context));
		}
		return application.run("--PRODUCER_URL=" + this.producer.url("/number"), "--POLL_INTERVAL=" + this.pollInterval,
				"--server.port=" + port);
	}

	/** The status of the producer's answers from now on. */
	void answer(int status) {
		this.status = status;
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	int port() {
		return this.context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	String url() {
		return "http://127.0.0.1:%d/".formatted(port());
	}

	/**
	 * Stops the consumer and starts it on the same port.
	 * @param meanwhile what to do while it does not run
	 */
	void restart(Runnable meanwhile) {
		int port = port();
		this.context.close();
		meanwhile.run();
		this.context = start(port, null);
	}

	@Override
	public void close() {
		this.context.close();
		MockProducer.close(this.producer);
	}

	/** They take turns, as behind a load balancer. */
	private final class TwoReplicas extends Dispatcher {

		private final AtomicInteger requests = new AtomicInteger();

		@Override
		public MockResponse dispatch(RecordedRequest request) {
			int number = this.requests.incrementAndGet();
			return new MockResponse.Builder().code(PageConsumer.this.status)
				.setHeader("Content-Type", "application/json")
				.setHeader("X-Served-By", (number % 2 == 0) ? "producer-1@pi1" : "producer-2@pi3")
				.body("{\"number\":" + (1 + 37 * number % 180) + "}")
				.build();
		}

	}

}

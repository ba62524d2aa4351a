package org.piswarm.testsupport;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * An application on a free port, which shares no threads with the others in this JVM:
 * Spring Boot's own would end with the first application that is closed.
 */
public final class TestApplication implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	/**
	 * Starts an application.
	 * @param arguments such as {@code --rng.concurrency=5}
	 */
	public TestApplication(Class<?> application, String... arguments) {
		SpringApplication starter = new SpringApplication(application);
		starter.addInitializers((context) -> ((GenericApplicationContext) context)
			.registerBean(ReactorResourceFactory.class, TestApplication::ownThreads, (bean) -> bean.setFallback(true)));
		List<String> all = Stream.concat(Stream.of("--server.port=0"), Stream.of(arguments)).toList();
		// Applications of one JVM share Logback, which two cannot prepare at the same
		// time.
		synchronized (TestApplication.class) {
			this.context = starter.run(all.toArray(String[]::new));
		}
	}

	private static ReactorResourceFactory ownThreads() {
		ReactorResourceFactory factory = new ReactorResourceFactory();
		factory.setUseGlobalResources(false);
		factory.setShutdownQuietPeriod(Duration.ZERO);
		return factory;
	}

	public <T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	public int port() {
		return this.context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	public String url() {
		return "http://127.0.0.1:" + port();
	}

	@Override
	public void close() {
		this.context.close();
	}

}

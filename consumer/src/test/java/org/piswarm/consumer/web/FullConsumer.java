package org.piswarm.consumer.web;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.netty.util.internal.PlatformDependent;
import org.piswarm.consumer.ConsumerApplication;
import org.piswarm.consumer.state.Reading;
import org.piswarm.consumer.state.ReadingHistory;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.support.GenericApplicationContext;

/**
 * A consumer that starts with a full history, and publishes what else
 * {@link StalledReadersTests} needs to know.
 */
final class FullConsumer {

	private final AtomicInteger connections = new AtomicInteger();

	private FullConsumer() {
	}

	public static void main(String[] args) {
		FullConsumer full = new FullConsumer();
		SpringApplication application = new SpringApplication(ConsumerApplication.class);
		application.addInitializers((context) -> full.register((GenericApplicationContext) context));
		application.run(args);
	}

	private void register(GenericApplicationContext context) {
		context.registerBean("history", SmartInitializingSingleton.class,
				() -> () -> fill(context.getBean(ReadingHistory.class)));
		context.registerBean("connections", NettyServerCustomizer.class,
				() -> (server) -> server.doOnChannelInit((observer, channel, address) -> {
					this.connections.incrementAndGet();
					channel.closeFuture().addListener((closed) -> this.connections.decrementAndGet());
				}));
		context.registerBean("memory", MeterBinder.class, () -> (registry) -> {
			Gauge.builder("test.connections", this.connections::get).register(registry);
			Gauge.builder("test.direct.memory", PlatformDependent::usedDirectMemory).register(registry);
		});
	}

	private static void fill(ReadingHistory readings) {
		for (int i = 0; i < ReadingHistory.CAPACITY; i++) {
			readings.add(new Reading(1 + i % 180, "producer-2@pi3", Instant.now(), 12));
		}
	}

}

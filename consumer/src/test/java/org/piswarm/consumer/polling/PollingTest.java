package org.piswarm.consumer.polling;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import org.junit.jupiter.api.extension.ExtendWith;
import org.piswarm.consumer.settings.ConsumerProperties;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.http.client.autoconfigure.reactive.ClientHttpConnectorBuilderCustomizer;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * A test with the consumer's client and log, and without its poller and its server. All
 * such tests share one application context.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(classes = PollingTest.ClientAlone.class, webEnvironment = WebEnvironment.NONE,
		properties = { "spring.main.lazy-initialization=true",
				"management.endpoint.health.validate-group-membership=false" })
@ExtendWith(OutputCaptureExtension.class)
@interface PollingTest {

	/** The client, which counts the memory of its buffers. */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableConfigurationProperties(ConsumerProperties.class)
	@Import(ProducerClientConfiguration.class)
	class ClientAlone {

		/** Netty's own pool does not tell a free buffer from a lost one. */
		private static final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);

		@Bean
		ClientHttpConnectorBuilderCustomizer<ReactorClientHttpConnectorBuilder> countBuffers() {
			return (builder) -> builder
				.withHttpClientCustomizer((client) -> client.option(ChannelOption.ALLOCATOR, allocator));
		}

		static long usedBytes() {
			return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
		}

	}

}

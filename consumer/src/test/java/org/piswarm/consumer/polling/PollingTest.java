package org.piswarm.consumer.polling;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;
import org.piswarm.consumer.settings.ConsumerProperties;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.OutputCaptureExtension;
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

	/** The client, and what Spring Boot needs to build it. */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableConfigurationProperties(ConsumerProperties.class)
	@Import(ProducerClientConfiguration.class)
	class ClientAlone {

	}

}

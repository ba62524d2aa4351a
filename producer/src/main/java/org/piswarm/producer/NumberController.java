package org.piswarm.producer;

import java.util.random.RandomGenerator;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

@RestController
class NumberController {

	private static final int MIN = 1;

	private static final int MAX = 180;

	private static final Logger logger = LoggerFactory.getLogger(NumberController.class);

	private final RandomGenerator random;

	private final Counter served;

	NumberController(RandomGenerator random, MeterRegistry meters) {
		this.random = random;
		this.served = Counter.builder("producer.numbers.served")
			.description("Requests that were answered by a random number")
			.register(meters);
	}

	@GetMapping(path = "/number", produces = MediaType.APPLICATION_JSON_VALUE)
	Mono<RandomNumber> number(@RequestHeader(name = "traceparent", required = false) @Nullable String trace) {
		RandomNumber number = new RandomNumber(this.random.nextInt(MIN, MAX + 1));
		this.served.increment();
		// Only a request with a trace is logged: plain clients must not fill the log.
		// Unlike doOnNext, the operator handle runs with the trace in the log's context.
		return (trace == null) ? Mono.just(number) : Mono.just(number).handle((served, answer) -> {
			logger.info("Served number: {}", served.number());
			answer.next(served);
		});
	}

	@GetMapping(path = "/openapi.yml", produces = MediaType.APPLICATION_YAML_VALUE)
	Resource description() {
		return new ClassPathResource("openapi.yml");
	}

	/**
	 * The whole answer, as in {@code docs/api/number.json}.
	 *
	 * @param number every integer from 1 to 180 is equally likely
	 */
	record RandomNumber(int number) {

	}

}

package org.piswarm.bench.peer;

import java.util.concurrent.ThreadLocalRandom;

import reactor.core.publisher.Mono;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Spring Boot with WebFlux and its defaults: what the producer would be without more. */
@SpringBootApplication
@RestController
public class WebFluxPeer {

	public static void main(String[] args) {
		SpringApplication.run(WebFluxPeer.class, args);
	}

	@GetMapping("/number")
	Mono<RandomNumber> number() {
		return Mono.just(new RandomNumber(ThreadLocalRandom.current().nextInt(1, 181)));
	}

	record RandomNumber(int number) {

	}

}

package org.piswarm.producer;

import java.util.random.RandomGenerator;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class NumberController {

	private static final int MIN = 1;

	private static final int MAX = 180;

	private final RandomGenerator random;

	NumberController(RandomGenerator random) {
		this.random = random;
	}

	@GetMapping(path = "/number", produces = MediaType.APPLICATION_JSON_VALUE)
	RandomNumber number() {
		return new RandomNumber(this.random.nextInt(MIN, MAX + 1));
	}

	/**
	 * The whole answer, as in {@code docs/api/number.json}.
	 *
	 * @param number every integer from 1 to 180 is equally likely
	 */
	record RandomNumber(int number) {

	}

}

package org.piswarm.consumer.polling;

import org.piswarm.consumer.polling.FetchException.Kind;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;

/** Reads the number from an answer such as {@code {"number": 73}}. */
@Component
class NumberParser {

	private static final int MIN = 1;

	private static final int MAX = 180;

	private final JsonMapper mapper = JsonMapper.builder()
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.build();

	/**
	 * Reads the body of an answer. It may hold other keys, which a later producer may
	 * add.
	 * @return the number, 1 to 180
	 * @throws FetchException of kind {@code INVALID} if the body does not hold one
	 */
	int parse(byte[] body) {
		if (body.length == 0) {
			throw invalid("the answer is empty");
		}
		JsonNode number = read(body).path("number");
		if (number.isMissingNode()) {
			throw invalid("the answer has no \"number\"");
		}
		if (!number.isIntegralNumber()) {
			throw invalid("\"number\" is not an integer");
		}
		if (!number.canConvertToInt() || number.intValue() < MIN || number.intValue() > MAX) {
			throw invalid("\"number\" is not from 1 to 180");
		}
		return number.intValue();
	}

	private JsonNode read(byte[] body) {
		try {
			return this.mapper.readTree(body);
		}
		catch (JacksonException ex) {
			throw invalid("the answer is not JSON");
		}
	}

	private static FetchException invalid(String reason) {
		return new FetchException(Kind.INVALID, reason);
	}

}

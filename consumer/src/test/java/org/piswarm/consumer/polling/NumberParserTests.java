package org.piswarm.consumer.polling;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.piswarm.consumer.polling.FetchException.Kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class NumberParserTests {

	private final NumberParser parser = new NumberParser();

	@Test
	void readsTheSampleOfTheContract() throws Exception {
		assertThat(this.parser.parse(Files.readAllBytes(Path.of("../docs/api/number.json")))).isEqualTo(73);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			{"number":1}               | 1
			{"number":180}             | 180
			{ "more":[1], "number" :2} | 2
			""")
	void readsANumber(String body, int number) {
		assertThat(this.parser.parse(body.getBytes(StandardCharsets.UTF_8))).isEqualTo(number);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			``                      | the answer is empty
			` `                     | the answer has no "number"
			nonsense                | the answer is not JSON
			{"number":73            | the answer is not JSON
			{"number":73} {         | the answer is not JSON
			{"number":073}          | the answer is not JSON
			{}                      | the answer has no "number"
			[]                      | the answer has no "number"
			[73]                    | the answer has no "number"
			73                      | the answer has no "number"
			{"Number":73}           | the answer has no "number"
			{"number":null}         | "number" is not an integer
			{"number":"73"}         | "number" is not an integer
			{"number":true}         | "number" is not an integer
			{"number":[73]}         | "number" is not an integer
			{"number":73.5}         | "number" is not an integer
			{"number":73.0}         | "number" is not an integer
			{"number":7e1}          | "number" is not an integer
			{"number":0}            | "number" is not from 1 to 180
			{"number":181}          | "number" is not from 1 to 180
			{"number":-73}          | "number" is not from 1 to 180
			{"number":4294967369}   | "number" is not from 1 to 180
			{"number":18446744073709551689} | "number" is not from 1 to 180
			""")
	void refusesAllElse(String body, String reason) {
		assertThatExceptionOfType(FetchException.class)
			.isThrownBy(() -> this.parser.parse(body.getBytes(StandardCharsets.UTF_8)))
			.withMessage(reason)
			.extracting(FetchException::kind)
			.isEqualTo(Kind.INVALID);
	}

	@Test
	void refusesDeepNesting() {
		byte[] body = ("[".repeat(1000)).getBytes(StandardCharsets.UTF_8);
		assertThatExceptionOfType(FetchException.class).isThrownBy(() -> this.parser.parse(body))
			.withMessage("the answer is not JSON");
	}

}

package org.piswarm.swarm.terminal;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class TextTests {

	/** ESC, line feed, the C1 form of ESC [, right-to-left override, line separator. */
	@ParameterizedTest
	@ValueSource(ints = { 0x1b, '\n', 0x9b, 0x202e, 0x2028 })
	void replacesWhatControlsATerminal(int character) {
		assertThat(Text.safe("45 °C" + Character.toString(character) + "x")).isEqualTo("45 °C?x");
	}

}

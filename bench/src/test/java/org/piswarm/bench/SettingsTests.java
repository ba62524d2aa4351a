package org.piswarm.bench;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SettingsTests {

	@ParameterizedTest
	@CsvSource({ "BENCH_ROUNDS, 0", "BENCH_ROUNDS, 51", "BENCH_SECONDS, 4s", "BENCH_SECONDS, -1", "BENCH_STARTS, many",
			"PEERS, go+flask", "PEERS, apache" })
	void refusesAWrongValueInOneLine(String variable, String value) {
		assertThatThrownBy(() -> Settings.from(Map.of(variable, value), false)).isInstanceOf(BenchException.class)
			.hasMessageStartingWith("%s=%s is not allowed: it must be ".formatted(variable, value))
			.extracting(Throwable::getMessage)
			.asString()
			.doesNotContain("\n");
	}

	@Test
	void measuresAllServersUnlessTheUserChooses() {
		assertThat(Settings.from(Map.of(), false).peers()).isEqualTo(Peers.NAMES);
		assertThat(Settings.from(Map.of("PEERS", "go, producer"), false).peers()).containsExactly("producer", "go");
	}

	@Test
	void emptiesThePageCacheOnlyAsRoot() {
		assertThat(Settings.from(Map.of(), true).cold()).isTrue();
		assertThat(Settings.from(Map.of(), false).cold()).isFalse();
	}

}

package org.piswarm.bench;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * How much is measured. The user can choose the first four.
 *
 * @param rounds how often each measurement under load is repeated
 * @param seconds how long one measurement under load takes
 * @param starts how often each server is started to measure its start
 * @param peers the names of the servers to measure
 * @param cold whether starts with an empty page cache are measured too
 * @param firstSeconds how long the load takes that directly follows a first answer
 * @param warmRounds how many rounds a server has at most to become warm
 * @param mostConsumers the largest number of consumers to try; each needs a port of the
 * client's address, of which there are 28,000
 */
record Settings(int rounds, int seconds, int starts, List<String> peers, boolean cold, int firstSeconds, int warmRounds,
		int mostConsumers) {

	/**
	 * Reads the environment.
	 * @param root whether this process may empty the page cache
	 * @throws BenchException if a value is not allowed
	 */
	static Settings from(Map<String, String> environment, boolean root) {
		return new Settings(number(environment, "BENCH_ROUNDS", 5, 50), number(environment, "BENCH_SECONDS", 4, 60),
				number(environment, "BENCH_STARTS", 15, 100), peers(environment.getOrDefault("PEERS", "")), root, 10, 8,
				25_000);
	}

	private static int number(Map<String, String> environment, String variable, int preset, int most) {
		String value = environment.getOrDefault(variable, "");
		if (value.isEmpty()) {
			return preset;
		}
		if (!value.matches("[1-9][0-9]{0,3}") || Integer.parseInt(value) > most) {
			throw new BenchException("%s=%s is not allowed: it must be a whole number from 1 to %d, such as %d"
				.formatted(variable, value, most, preset));
		}
		return Integer.parseInt(value);
	}

	private static List<String> peers(String value) {
		if (value.isBlank()) {
			return List.copyOf(Peers.NAMES);
		}
		LinkedHashSet<String> names = new LinkedHashSet<>(Arrays.asList(value.trim().split("[, ]+")));
		if (!Peers.NAMES.containsAll(names)) {
			throw new BenchException("PEERS=%s is not allowed: it must be names from %s, separated by commas"
				.formatted(value, String.join(", ", Peers.NAMES)));
		}
		// In the order of the tables, whatever the order in the list.
		return Peers.NAMES.stream().filter(names::contains).toList();
	}

}

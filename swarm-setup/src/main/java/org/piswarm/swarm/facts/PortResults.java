package org.piswarm.swarm.facts;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.pis.Pi;

/**
 * What the other Pis found at the ports of one Pi.
 *
 * @param open the ports that answered
 * @param closed the ports that did not answer, for each Pi that asked
 * @param failures why a test could not be made
 */
public record PortResults(SortedSet<String> open, SortedMap<String, SortedSet<String>> closed, List<String> failures) {

	/**
	 * Reads the answers of the other Pis.
	 * @param address the address of the Pi that was tested
	 * @param ports the ports at which something listened there
	 * @param answers what each of the others said
	 */
	static PortResults of(String address, Fact<List<String>> ports, Map<Pi, Fact<String>> answers) {
		PortResults tests = new PortResults(new TreeSet<>(), new TreeMap<>(), new ArrayList<>());
		if (ports instanceof Fact.Unknown<List<String>> unknown) {
			tests.failures.add(unknown.reason());
		}
		answers.forEach((pi, answer) -> {
			if (answer instanceof Fact.Unknown<String> unknown) {
				tests.failures.add(pi.name() + " could not test: " + unknown.reason());
			}
			answer.value()
				.ifPresent((text) -> ports.value()
					.orElse(List.of())
					.forEach((port) -> tests.add(pi.name(), port, address + " " + port, text.lines().toList())));
		});
		return tests;
	}

	private void add(String from, String port, String question, List<String> answers) {
		if (answers.contains(question + " answers")) {
			this.open.add(port);
		}
		else if (answers.contains(question + " silent")) {
			this.closed.computeIfAbsent(from, (key) -> new TreeSet<>()).add(port);
		}
		else {
			this.failures.add(from + " did not test " + port);
		}
	}

}

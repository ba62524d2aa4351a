package org.piswarm.swarm.facts;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.piswarm.swarm.docker.DockerInfo;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.pis.Role;
import org.piswarm.swarm.ssh.Script;
import org.piswarm.swarm.ssh.Ssh;

/**
 * Tests whether Pis get through to each other at the ports of a Swarm. On a Pi in no
 * Swarm, a program of ours listens meanwhile. Where Swarm uses the UDP ports, they cannot
 * be tested.
 */
public final class PortProbe {

	private static final Duration DEADLINE = Duration.ofSeconds(20);

	private final Ssh ssh;

	private final Survey survey;

	/** The Pis that can be tested, with what they say of themselves. */
	private final Map<Pi, PiFacts> facts = new LinkedHashMap<>();

	private final Map<Pi, PortListener> listeners = new LinkedHashMap<>();

	public PortProbe(Ssh ssh, Survey survey, Map<Pi, Fact<PiFacts>> facts) {
		this.ssh = ssh;
		this.survey = survey;
		facts.forEach((pi, fact) -> fact.value()
			.filter((known) -> !address(known).isEmpty())
			.ifPresent((known) -> this.facts.put(pi, known)));
	}

	/** What the others found, for each Pi that could be tested. */
	public Map<Pi, PortResults> test() {
		Map<Pi, PortResults> tests = new LinkedHashMap<>();
		if (this.facts.size() < 2) {
			return tests;
		}
		try {
			listen();
			Map<Pi, Fact<List<String>>> targets = targets();
			Map<Pi, Fact<String>> answers = ask(targets);
			targets.forEach((pi, ports) -> {
				Map<Pi, Fact<String>> others = new LinkedHashMap<>(answers);
				others.remove(pi);
				tests.put(pi, PortResults.of(addressOf(pi), ports, others));
			});
			return tests;
		}
		finally {
			this.listeners.values().forEach(PortListener::close);
		}
	}

	private void listen() {
		this.facts.forEach((pi, known) -> {
			if (swarm(known).equals(Fact.known(Optional.empty()))) {
				String ports = String.join(" ", ports(pi.role(), true));
				this.listeners.put(pi, new PortListener(this.ssh.start(pi, "exec " + perl("listen " + ports) + "\n")));
			}
		});
	}

	private Map<Pi, Fact<String>> ask(Map<Pi, Fact<List<String>>> targets) {
		return this.survey.forAll(List.copyOf(this.facts.keySet()),
				(pi) -> this.ssh.run(pi, perl("ask") + " <<'END'\n" + questions(pi, targets) + "END\n", DEADLINE));
	}

	/** The ports at which something listens on each Pi. */
	private Map<Pi, Fact<List<String>>> targets() {
		Map<Pi, Fact<List<String>>> targets = new LinkedHashMap<>();
		this.facts.forEach((pi, known) -> targets.put(pi, target(pi, known)));
		return targets;
	}

	private Fact<List<String>> target(Pi pi, PiFacts known) {
		PortListener listener = this.listeners.get(pi);
		if (listener != null) {
			return listener.ready(ports(pi.role(), true));
		}
		return swarm(known).map((swarm) -> ports(swarm.orElseThrow().role(), false));
	}

	/** Lines ADDRESS PORT/PROTOCOL: data, which the program on the Pi reads. */
	private String questions(Pi asking, Map<Pi, Fact<List<String>>> targets) {
		StringBuilder lines = new StringBuilder();
		targets.forEach((pi, ports) -> {
			if (!pi.equals(asking)) {
				ports.value()
					.orElse(List.of())
					.forEach((port) -> lines.append(addressOf(pi)).append(' ').append(port).append('\n'));
			}
		});
		return lines.toString();
	}

	private String addressOf(Pi pi) {
		PiFacts known = this.facts.get(pi);
		return (known == null) ? "" : address(known);
	}

	private static String address(PiFacts facts) {
		return facts.network().address().value().orElse("");
	}

	/** The Swarm that the Pi is active in; empty if it is in none. */
	private static Fact<Optional<DockerInfo.Swarm>> swarm(PiFacts facts) {
		if (facts.docker().installed().equals(Fact.known(false))) {
			return Fact.known(Optional.empty());
		}
		return facts.docker().info().map((info) -> Optional.of(info.swarm()).filter(DockerInfo.Swarm::isActive));
	}

	/** The ports at which the other nodes ask a node of this role. */
	public static List<String> ports(Role role, boolean udp) {
		return List.of("2377/tcp", "7946/tcp", "7946/udp", "4789/udp")
			.stream()
			.filter((port) -> role == Role.MANAGER || !port.startsWith("2377"))
			.filter((port) -> udp || port.endsWith("tcp"))
			.toList();
	}

	private static String perl(String arguments) {
		return "perl -e '" + Script.PORTS.text().replace("'", "'\\''") + "' " + arguments;
	}

}

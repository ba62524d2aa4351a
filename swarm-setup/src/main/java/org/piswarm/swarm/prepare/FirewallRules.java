package org.piswarm.swarm.prepare;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.piswarm.swarm.facts.PiFacts;
import org.piswarm.swarm.facts.PortProbe;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.ssh.Script;

/**
 * The ports that the firewall of a Pi must open, each to the address of one other Pi.
 *
 * @param firewall ufw or firewalld, or none
 * @param rules each PORT/PROTOCOL,ADDRESS
 */
public record FirewallRules(String firewall, List<String> rules) {

	private static final Duration DEADLINE = Duration.ofMinutes(2);

	/**
	 * The rules for a Pi. Unknown if a Pi that answers did not give an address that can
	 * be used: a rule is a command on another Pi.
	 */
	public static Fact<FirewallRules> of(Pi pi, PiFacts facts, Map<Pi, Fact<PiFacts>> all) {
		return facts.network().firewall().flatMap((firewall) -> {
			List<String> rules = new ArrayList<>();
			if (firewall.equals("none")) {
				return Fact.known(new FirewallRules(firewall, rules));
			}
			for (Map.Entry<Pi, Fact<PiFacts>> other : all.entrySet()) {
				if (other.getKey().equals(pi) || other.getValue() instanceof Fact.Unknown) {
					continue;
				}
				Fact<String> address = other.getValue().flatMap(PiFacts::swarmAddress);
				if (address.value().filter((value) -> !value.isEmpty()).isEmpty()) {
					return Fact.unknown("the address of " + other.getKey().name()
							+ address.fold((value) -> " is not an IPv4 address", (reason) -> " is unknown: " + reason));
				}
				PortProbe.ports(pi.role(), true)
					.forEach((port) -> rules.add(port + "," + address.value().orElseThrow()));
			}
			return Fact.known(new FirewallRules(firewall, List.copyOf(rules)));
		});
	}

	/** The script that prints the rules that are missing. */
	public String question() {
		return script("missing", this.rules);
	}

	/** The steps for those of the rules that the answer names. */
	public List<Step> missing(String answer) {
		List<String> lines = answer.lines().toList();
		return this.rules.stream()
			.filter(lines::contains)
			.map((rule) -> new Step("open " + rule.replace(",", " to "), script("open", List.of(rule)), DEADLINE))
			.toList();
	}

	private String script(String action, List<String> list) {
		return Script.FIREWALL
			.with(Stream.concat(Stream.of(action, this.firewall), list.stream()).toArray(String[]::new));
	}

}

package org.piswarm.swarm.facts;

import java.util.List;
import java.util.regex.Pattern;

import org.piswarm.swarm.known.Fact;

/**
 * Where a Pi is on the network.
 *
 * @param reached the address at which SSH reached it
 * @param address the IPv4 address that the Swarm uses; empty if that network card has
 * none
 * @param addresses all of its addresses
 * @param device the network card
 * @param leased whether the address is a DHCP lease
 * @param mtu the largest packet
 * @param firewall none, ufw or firewalld
 * @param portsTaken the ports that Swarm needs and other programs use
 */
public record Network(Fact<String> reached, Fact<String> address, Fact<List<String>> addresses, String device,
		boolean leased, Fact<Long> mtu, Fact<String> firewall, Fact<String> portsTaken) {

	private static final Pattern IPV4 = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}");

	private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

	static Network from(Answer answer) {
		return new Network(answer.text("reached", Network::isAddress),
				answer.text("address", (value) -> value.isEmpty() || isIpv4(value)),
				answer
					.text("addresses", (value) -> value.isBlank() || list(value).stream().allMatch(Network::isAddress))
					.map(Network::list),
				answer.optional("device").orElse("?"),
				answer.optional("address_kind").filter("dynamic"::equals).isPresent(), answer.number("mtu"),
				answer.text("firewall", List.of("none", "ufw", "firewalld")::contains), answer.text("ports_taken"));
	}

	public static boolean isIpv4(String value) {
		return IPV4.matcher(value).matches();
	}

	private static boolean isAddress(String value) {
		return isIpv4(value) || IPV6.matcher(value).matches();
	}

	private static List<String> list(String value) {
		return List.of(value.strip().split(" +"));
	}

}

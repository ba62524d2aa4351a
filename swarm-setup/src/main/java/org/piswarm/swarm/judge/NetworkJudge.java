package org.piswarm.swarm.judge;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import org.piswarm.swarm.facts.Network;
import org.piswarm.swarm.facts.PortResults;

/** Judges addresses, firewalls and ports. */
final class NetworkJudge {

	/**
	 * The smallest packet size of IPv6; an overlay packet needs 50 bytes more than its
	 * content.
	 */
	private static final long MIN_MTU = 1280;

	private final Network network;

	private final Optional<PortResults> tests;

	NetworkJudge(Network network, Optional<PortResults> tests) {
		this.network = network;
		this.tests = tests;
	}

	List<Verdict> judge() {
		return List.of(address(), mtu(), firewall(), ports());
	}

	private Verdict address() {
		return Verdict.on("address", this.network.address(), (address) -> {
			if (address.isEmpty()) {
				return Verdict.bad("address",
						"SSH reached " + this.network.reached().value().orElse("it") + " on " + this.network.device()
								+ ", which has no IPv4 address: Swarm needs one, so check the router's DHCP");
			}
			String place = address + " on " + this.network.device();
			return this.network.leased() ? Verdict.note("address", place
					+ " is a DHCP lease: reserve it in your router. " + "The address of a manager must not change")
					: Verdict.ok("address", place);
		});
	}

	private Verdict mtu() {
		return Verdict.on("MTU", this.network.mtu(), (mtu) -> (mtu >= MIN_MTU) ? Verdict.ok("MTU", mtu.toString())
				: Verdict.bad("MTU", mtu + " is below 1280: set a larger MTU; the overlay needs 50 bytes of it"));
	}

	private Verdict firewall() {
		return Verdict.on("firewall", this.network.firewall(),
				(name) -> Verdict.ok("firewall", name.equals("none") ? "none is active" : name));
	}

	private Verdict ports() {
		return Verdict.on("ports", this.network.portsTaken(), (taken) -> {
			if (!taken.isBlank()) {
				return Verdict.bad("ports",
						"another program uses " + taken + ": stop it ('sudo ss -lntup' shows which one)");
			}
			return this.tests.map(this::reachable)
				.orElseGet(() -> Verdict.ok("ports", "2377, 7946 and 4789 are free or used by Swarm"));
		});
	}

	private Verdict reachable(PortResults tests) {
		if (!tests.closed().isEmpty()) {
			String closed = tests.closed()
				.entrySet()
				.stream()
				.map((entry) -> String.join(" ", entry.getValue()) + " from " + entry.getKey())
				.collect(Collectors.joining(", "));
			String firewall = this.network.firewall().value().orElse("none");
			return firewall.equals("none")
					? Verdict.bad("ports", "closed to others: " + closed
							+ "; a firewall on the network, or Wi-Fi that isolates its clients: check the router")
					: Verdict.up("ports", "closed to others by " + firewall + ": " + closed);
		}
		if (!tests.failures().isEmpty()) {
			return Verdict.unknown("ports", "not tested: " + String.join("; ", tests.failures()));
		}
		if (tests.open().isEmpty()) {
			return Verdict.unknown("ports", "not tested: nothing listened");
		}
		return Verdict.ok("ports", "the other Pis get through to " + String.join(" ", tests.open()));
	}

}

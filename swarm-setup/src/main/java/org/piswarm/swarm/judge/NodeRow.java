package org.piswarm.swarm.judge;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import org.piswarm.swarm.docker.Node;
import org.piswarm.swarm.facts.Machine;
import org.piswarm.swarm.known.Fact;

/**
 * A node as {@code status} shows it.
 *
 * @param node the node
 * @param machine its computer, if that is a Pi of the list that answered
 */
public record NodeRow(Node node, Optional<Machine> machine) {

	/** Seconds by which a clock may differ and is still shown as right. */
	private static final long SAME_TIME = 2;

	public static final List<String> TITLES = List.of("NODE", "ROLE", "STATE", "ADDRESS", "ARCH", "DOCKER", "DISK",
			"MEMORY", "TEMP", "CLOCK");

	public List<String> cells() {
		boolean active = this.node.availability().equals("active");
		return List.of(this.node.hostname(), this.node.role() + (this.node.leader() ? " (leader)" : ""),
				this.node.state() + (active ? "" : ", " + this.node.availability()), this.node.address(),
				this.node.architecture(), this.node.engine(),
				cell(Machine::diskFree, (mib) -> mib / 1024 + " GiB free"),
				cell(Machine::memoryFree, (mib) -> mib + " MiB free"),
				this.machine.flatMap(Machine::temperature)
					.map((degrees) -> show(degrees, (value) -> value + " °C"))
					.orElse("-"),
				cell(Machine::offset, (offset) -> (Math.abs(offset) <= SAME_TIME) ? "ok" : offset + " s"));
	}

	private String cell(Function<Machine, Fact<Long>> fact, Function<Long, String> text) {
		return this.machine.map((known) -> show(fact.apply(known), text)).orElse("-");
	}

	private static String show(Fact<Long> fact, Function<Long, String> text) {
		return fact.fold(text, (reason) -> "unknown");
	}

	/** What is wrong with the node. */
	public Optional<String> problem() {
		String name = this.node.hostname();
		if (this.node.state().equals("down")) {
			return Optional.of(name + ": is down: off, or without network");
		}
		if (!this.node.isReady()) {
			return Optional.of(name + ": is " + this.node.state());
		}
		return switch (this.node.availability()) {
			case "active" -> Optional.empty();
			case "drain" -> Optional.of(name + ": is drained; 'swarm activate " + name + "' lets it take tasks again");
			default -> Optional.of(name + ": is ready, " + this.node.availability());
		};
	}

}

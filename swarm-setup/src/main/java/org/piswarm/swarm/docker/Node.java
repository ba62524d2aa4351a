package org.piswarm.swarm.docker;

import java.util.Locale;
import java.util.Map;

import org.piswarm.swarm.pis.Role;

/**
 * A node as a manager knows it.
 *
 * @param id its ID
 * @param hostname its host name, or its ID if it has none
 * @param role manager or worker
 * @param leader whether it leads the managers
 * @param reachable whether it is a manager that the others reach
 * @param state ready, down, disconnected or unknown
 * @param availability active, pause or drain
 * @param address its address
 * @param architecture its processor's architecture
 * @param engine the version of its engine
 * @param labels its labels
 * @param hardware what its engine says of the machine
 */
public record Node(String id, String hostname, Role role, boolean leader, boolean reachable, String state,
		String availability, String address, String architecture, String engine, Map<String, String> labels,
		Hardware hardware) {

	/**
	 * A machine, as its engine describes it.
	 *
	 * @param platform its platform
	 * @param resources its processors and its memory
	 * @param labels the labels of the engine's configuration
	 */
	public record Hardware(Platform platform, Resources resources, Map<String, String> labels) {
	}

	static Node from(Json json) {
		return new Node(json.id("ID"), hostname(json),
				json.text("Spec.Role").equals("manager") ? Role.MANAGER : Role.WORKER,
				json.flag("ManagerStatus.Leader"), json.text("ManagerStatus.Reachability", "").equals("reachable"),
				json.text("Status.State"), json.text("Spec.Availability"), json.text("Status.Addr", ""),
				json.text("Description.Platform.Architecture", "?"), json.text("Description.Engine.EngineVersion", "?"),
				json.texts("Spec.Labels"), new Hardware(Platform.from(json.at("Description.Platform")),
						Resources.from(json.at("Description.Resources")), json.texts("Description.Engine.Labels")));
	}

	/**
	 * The ID, if the node has given no name yet, or one that no host can have and that
	 * must not become part of an advice.
	 */
	private static String hostname(Json json) {
		String name = json.text("Description.Hostname", "");
		return name.matches("[A-Za-z0-9._-]{1,64}") ? name : json.id("ID");
	}

	public boolean isReady() {
		return this.state.equals("ready");
	}

	/** Whether Swarm gives it new tasks. */
	public boolean takesTasks() {
		return isReady() && this.availability.equals("active");
	}

	/**
	 * The value of a label such as {@code node.labels.zone} or
	 * {@code engine.labels.disk}; empty if it has none, as for Swarm.
	 */
	public String label(String key) {
		Map<String, String> all = key.toLowerCase(Locale.ROOT).startsWith("engine.") ? this.hardware.labels()
				: this.labels;
		return all.getOrDefault(key.split("\\.", 3)[2], "");
	}

}

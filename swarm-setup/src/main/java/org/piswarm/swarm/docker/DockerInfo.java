package org.piswarm.swarm.docker;

import java.util.List;
import java.util.Optional;

import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.pis.Role;

/**
 * What {@code docker info} says of an engine.
 *
 * @param version the engine's version
 * @param storage the storage driver
 * @param cgroup the version of cgroups
 * @param logs the default log driver
 * @param rootless whether the engine runs without root
 * @param containers the number of containers that run
 * @param swarm its part in a Swarm
 */
public record DockerInfo(String version, String storage, String cgroup, String logs, boolean rootless, int containers,
		Swarm swarm) {

	/**
	 * The engine's part in a Swarm.
	 *
	 * @param state inactive, pending, active, locked or error
	 * @param nodeId the ID of its node; empty if it is in no Swarm
	 * @param address the address at which the Swarm knows it; may be empty
	 * @param role manager if it takes part in decisions
	 * @param swarmId the ID of the Swarm, which only managers say
	 * @param error what Docker complains about; may be empty
	 * @param managers the IP addresses of the managers that it knows
	 * @param autolock whether a manager needs a key each time its engine starts, which
	 * only managers say
	 */
	public record Swarm(String state, String nodeId, String address, Role role, Optional<String> swarmId, String error,
			List<String> managers, boolean autolock) {

		public boolean isActive() {
			return this.state.equals("active");
		}

	}

	public static Fact<DockerInfo> parse(String text) {
		try {
			Json json = Json.parse(text);
			Json swarm = json.at("Swarm");
			String state = swarm.text("LocalNodeState");
			return Fact.known(new DockerInfo(json.text("ServerVersion"), json.text("Driver", "?"),
					json.text("CgroupVersion", "?"), json.text("LoggingDriver", "?"),
					json.list("SecurityOptions", Json::text).stream().anyMatch((option) -> option.contains("rootless")),
					json.number("ContainersRunning", 0),
					new Swarm(state, state.equals("active") ? swarm.id("NodeID") : swarm.text("NodeID", ""),
							swarm.text("NodeAddr", ""), swarm.flag("ControlAvailable") ? Role.MANAGER : Role.WORKER,
							Optional.of(swarm.text("Cluster.ID", "")).filter((id) -> !id.isEmpty()),
							swarm.text("Error", ""),
							swarm.list("RemoteManagers",
									(manager) -> manager.text("Addr").replaceFirst(":[0-9]+$", "")),
							swarm.flag("Cluster.Spec.EncryptionConfig.AutoLockManagers"))));
		}
		catch (Json.Invalid ex) {
			return Fact.unknown("'docker info' gave an answer that cannot be used: " + ex.getMessage());
		}
	}

}

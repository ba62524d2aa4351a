package org.piswarm.swarm.facts;

import java.util.Optional;

import org.piswarm.swarm.docker.DockerInfo;
import org.piswarm.swarm.known.Fact;

/**
 * Docker on a Pi.
 *
 * @param installed whether there is a docker command
 * @param candidate the version that the distribution offers, if it is known
 * @param info what the engine says; unknown if it did not answer
 * @param snap whether it is Ubuntu's snap
 * @param settings what daemon.json says
 * @param login the user who logs in
 * @param inGroup whether that user can use docker
 * @param certificate the certificate of the node, if it has one
 */
public record Docker(Fact<Boolean> installed, Optional<String> candidate, Fact<DockerInfo> info, boolean snap,
		Settings settings, String login, Fact<Boolean> inGroup, Optional<Fact<Certificate>> certificate) {

	/**
	 * What {@code /etc/docker/daemon.json} says.
	 *
	 * @param exist whether there is such a file
	 * @param logsLimited whether it sets the log driver "local"
	 * @param nftables whether it sets the nftables backend
	 */
	public record Settings(boolean exist, boolean logsLimited, boolean nftables) {
	}

	static Docker from(Answer answer) {
		boolean info = answer.optional("docker_info").isPresent();
		Optional<String> silent = answer.optional("docker_silent");
		boolean missing = !info && silent.isEmpty() && answer.text("docker_candidate").value().isPresent();
		Fact<Boolean> installed = (info || silent.isPresent()) ? Fact.known(true)
				: missing ? Fact.known(false) : Fact.unknown("the Pi did not say whether Docker is installed");
		return new Docker(installed, answer.optional("docker_candidate"), info(answer, installed),
				answer.optional("docker_snap").isPresent(),
				new Settings(is(answer, "daemon_json"), is(answer, "docker_logs_set"), is(answer, "docker_nftables")),
				answer.optional("login").orElse("root"), answer.flag("login_in_group"),
				answer.optional("certificate").map(Certificate::parse));
	}

	private static Fact<DockerInfo> info(Answer answer, Fact<Boolean> installed) {
		Optional<String> silent = answer.optional("docker_silent");
		if (silent.isPresent()) {
			return Fact.unknown(silent.get().equals("timeout") ? "the engine did not answer within 10 s"
					: "the engine does not answer: " + silent.get());
		}
		return installed.flatMap((yes) -> answer.optional("docker_info")
			.map(DockerInfo::parse)
			.orElseGet(() -> Fact.unknown("Docker is not installed")));
	}

	private static boolean is(Answer answer, String key) {
		return answer.optional(key).filter("yes"::equals).isPresent();
	}

}

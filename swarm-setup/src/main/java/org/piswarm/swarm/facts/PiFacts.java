package org.piswarm.swarm.facts;

import org.piswarm.swarm.docker.DockerInfo;
import org.piswarm.swarm.known.Fact;

/**
 * What a Pi says about itself.
 *
 * @param machine the computer and its kernel
 * @param network where it is on the network
 * @param docker its engine
 */
public record PiFacts(Machine machine, Network network, Docker docker) {

	/**
	 * The IPv4 address at which other nodes reach it: the one that its Swarm knows, or
	 * that a Swarm will know. Empty if it has none, unknown if one of the two was
	 * rejected.
	 */
	public Fact<String> swarmAddress() {
		return this.network.address()
			.flatMap((own) -> this.docker.info()
				.value()
				.map(DockerInfo::swarm)
				.filter((swarm) -> swarm.isActive() && !own.isEmpty())
				.map(DockerInfo.Swarm::address)
				.map((address) -> Network.isIpv4(address) ? Fact.known(address)
						: Fact.<String>unknown("its engine said '" + address + "'"))
				.orElse(Fact.known(own)));
	}

	/** Reads what the script {@code facts.sh} writes. */
	public static Fact<PiFacts> parse(String text, long asked, long answered) {
		return Answer.parse(text)
			.map((answer) -> new PiFacts(Machine.from(answer, asked, answered), Network.from(answer),
					Docker.from(answer)));
	}

}

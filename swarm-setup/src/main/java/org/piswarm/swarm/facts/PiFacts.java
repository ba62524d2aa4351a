package org.piswarm.swarm.facts;

import org.piswarm.swarm.known.Fact;

/**
 * What a Pi says about itself.
 *
 * @param machine the computer and its kernel
 * @param network where it is on the network
 * @param docker its engine
 */
public record PiFacts(Machine machine, Network network, Docker docker) {

	/** Reads what the script {@code facts.sh} writes. */
	public static Fact<PiFacts> parse(String text, long asked, long answered) {
		return Answer.parse(text)
			.map((answer) -> new PiFacts(Machine.from(answer, asked, answered), Network.from(answer),
					Docker.from(answer)));
	}

}

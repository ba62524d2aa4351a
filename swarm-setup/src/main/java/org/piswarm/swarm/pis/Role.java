package org.piswarm.swarm.pis;

import java.util.Locale;

/** What a node does in a Swarm. */
public enum Role {

	MANAGER, WORKER;

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}

package org.piswarm.swarm.verb;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.piswarm.swarm.known.Fact;

import static org.assertj.core.api.Assertions.assertThat;

/** What is said of nodes that do not come back. */
class RestoreCheckTests {

	@Test
	void aNodeThatIsMissingMayLeave() {
		assertThat(RestoreCheck.notBack(Fact.known(List.of("pi2 is down")))).hasMessageContaining("pi2 is down")
			.hasMessageContaining("docker swarm leave --force");
	}

	@Test
	void noNodeLeavesBecauseItsStateIsUnknown() {
		assertThat(RestoreCheck.notBack(Fact.unknown("pi@pi1: does not answer")))
			.hasMessageContaining("is unknown after 4 minutes: pi@pi1: does not answer")
			.extracting(Throwable::getMessage)
			.asString()
			.doesNotContain("leave");
	}

}

package org.piswarm.swarm.judge;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.piswarm.swarm.judge.Patience.Decision;
import org.piswarm.swarm.judge.Step.State;
import org.piswarm.swarm.known.Fact;

import static org.assertj.core.api.Assertions.assertThat;

class PatienceTests {

	private static final Decision WAIT = new Decision.Wait();

	private static final Step GOOD = step("good", State.CONVERGED);

	private static final Step OPEN = step("open", State.OPEN);

	private static final Step STUCK = step("stuck", State.STUCK);

	private static final Step BAD = step("bad", State.FAILED);

	private final Patience patience = new Patience(600);

	private static Step step(String name, State state) {
		return new Step(name, "1/2", "", state, "", Optional.empty());
	}

	private Decision after(long second, Step... steps) {
		return this.patience.decide(second, Fact.known(List.of(steps)));
	}

	private static List<String> failed(Decision decision) {
		return ((Decision.Failed) decision).steps().stream().map(Step::service).toList();
	}

	@Test
	void isDoneAfterSomeSecondsOfCalm() {
		assertThat(after(0, GOOD)).isEqualTo(WAIT);
		assertThat(after(4, GOOD, OPEN)).isEqualTo(WAIT);
		assertThat(after(6, GOOD)).isEqualTo(WAIT);
		assertThat(this.patience.decide(8, Fact.unknown("no answer"))).isEqualTo(WAIT);
		assertThat(after(12, GOOD)).isEqualTo(WAIT);
		assertThat(after(17, GOOD)).isEqualTo(new Decision.Done());
	}

	@Test
	void aServiceMayBeStuckForAWhile() {
		assertThat(after(0, STUCK)).isEqualTo(WAIT);
		assertThat(after(29, STUCK)).isEqualTo(WAIT);
		assertThat(after(30, step("stuck", State.OPEN))).isEqualTo(WAIT);
		assertThat(after(31, STUCK)).isEqualTo(WAIT);
		assertThat(failed(after(61, STUCK, GOOD))).containsExactly("stuck");
	}

	@Test
	void waitsForTheOtherServicesAfterAFailure() {
		assertThat(after(0, BAD, OPEN)).isEqualTo(WAIT);
		assertThat(failed(after(10, BAD, GOOD))).containsExactly("bad");
		assertThat(failed(after(70, BAD, OPEN))).containsExactly("bad");
	}

	@Test
	void endsAtTheLimit() {
		assertThat(after(600, BAD, OPEN, GOOD)).isEqualTo(WAIT);
		Decision decision = after(601, BAD, OPEN, GOOD);
		assertThat(failed(decision)).containsExactly("bad", "open");
		assertThat(((Decision.Failed) decision).steps().get(1).reason()).isEqualTo("is not complete after 600 s");
	}

	@Test
	void silenceIsNotAFailure() {
		assertThat(this.patience.decide(630, Fact.unknown("no answer"))).isEqualTo(WAIT);
		assertThat(this.patience.decide(631, Fact.unknown("no answer"))).isEqualTo(new Decision.Unknown("no answer"));
	}

}

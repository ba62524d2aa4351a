package org.piswarm.swarm.verb;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import org.piswarm.swarm.facts.Survey;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.terminal.Text;

/** Changes several Pis at once. If one fails, the others go on to their end. */
final class SideBySide {

	private SideBySide() {
	}

	static void run(List<Pi> pis, Consumer<Pi> change) {
		Map<Pi, Optional<String>> failures = Survey.sideBySide(pis, (pi) -> attempt(pi, change));
		failures.values().forEach((failure) -> failure.ifPresent((text) -> System.err.println(Text.safe(text))));
		if (failures.values().stream().anyMatch(Optional::isPresent)) {
			throw new Failure("not all is done: see above; run it again to go on");
		}
	}

	private static Optional<String> attempt(Pi pi, Consumer<Pi> change) {
		try {
			change.accept(pi);
			return Optional.empty();
		}
		catch (Failure failure) {
			return Optional.of(String.valueOf(failure.getMessage()));
		}
	}

}

package org.piswarm.swarm.verb;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.piswarm.swarm.facts.PiFacts;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.prepare.FirewallRules;
import org.piswarm.swarm.prepare.Preparation;
import org.piswarm.swarm.prepare.Step;
import org.piswarm.swarm.ssh.Ssh;
import org.piswarm.swarm.terminal.Progress;

/**
 * Gives a Pi what it needs before it can be in a Swarm.
 *
 * @param ssh the connections
 * @param progress says what is done
 */
record Preparer(Ssh ssh, Progress progress) {

	private static final Duration DEADLINE = Duration.ofSeconds(60);

	/** What a Pi lacks, with the ports that its firewall must open. */
	Preparation plan(Pi pi, PiFacts facts, Map<Pi, Fact<PiFacts>> all) {
		Preparation preparation = known(pi, Preparation.of(facts));
		FirewallRules rules = known(pi, FirewallRules.of(pi, facts, all));
		if (rules.rules().isEmpty()) {
			return preparation;
		}
		List<Step> steps = new ArrayList<>(preparation.steps());
		String waiting = pi.name() + " (" + rules.firewall() + ")";
		this.progress.begin(waiting);
		Fact<String> answer = this.ssh.run(pi, rules.question(), DEADLINE);
		this.progress.end(waiting);
		steps.addAll(rules.missing(known(pi, answer)));
		return new Preparation(steps, preparation.reboot());
	}

	void show(Pi pi, Preparation preparation) {
		preparation.steps().forEach((step) -> this.progress.say(pi.name() + ": would " + step.text()));
		if (preparation.reboot()) {
			this.progress.say(pi.name() + ": would reboot");
		}
	}

	void apply(Pi pi, Preparation preparation, Lock lock) {
		preparation.steps().forEach((step) -> {
			lock.requireHeld("not all is done on " + pi.name());
			this.progress.say(pi.name() + ": " + step.present());
			String waiting = pi.name() + " (" + step.present() + ")";
			this.progress.begin(waiting);
			Fact<String> done = this.ssh.run(pi, step.script(), step.deadline());
			this.progress.end(waiting);
			done.fold((out) -> out, (reason) -> {
				// A shared connection that breaks gives no reason; a new one does.
				String unreachable = this.ssh.connect(pi);
				throw new Failure(pi.name() + ": " + ((unreachable != null) ? unreachable : reason));
			});
		});
	}

	private static <T> T known(Pi pi, Fact<T> fact) {
		return fact.fold((value) -> value, (reason) -> {
			throw new Failure(pi.name() + ": " + reason + ". Nothing was changed");
		});
	}

}

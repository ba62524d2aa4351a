package org.piswarm.swarm.judge;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import org.piswarm.swarm.facts.Machine;
import org.piswarm.swarm.facts.PiFacts;
import org.piswarm.swarm.facts.PortResults;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.pis.Pi;

/**
 * Judges all Pis. Asks nobody and changes nothing.
 *
 * @param facts what each Pi said, in the order of the list
 * @param home the Swarm that the Pis belong to
 * @param tests what the Pis found at each other's ports; empty for those that were not
 * tested
 * @param now this machine's time
 */
public record Judgement(Map<Pi, Fact<PiFacts>> facts, Home home, Map<Pi, PortResults> tests, Instant now) {

	/** All verdicts, in the order of the list. */
	public Map<Pi, List<Verdict>> verdicts() {
		Map<Pi, List<Verdict>> verdicts = new LinkedHashMap<>();
		this.facts.forEach((pi, fact) -> verdicts.put(pi,
				fact.fold((known) -> judge(pi, known), (reason) -> List.of(Verdict.bad("SSH", reason)))));
		return verdicts;
	}

	private List<Verdict> judge(Pi pi, PiFacts known) {
		List<Verdict> verdicts = new ArrayList<>();
		verdicts.add(Verdict.ok("SSH", "accepts the key, and sudo needs no password"));
		verdicts.add(name(known.machine()));
		MachineJudge machine = new MachineJudge(known.machine());
		verdicts.addAll(machine.judge());
		verdicts.addAll(new NetworkJudge(known.network(), Optional.ofNullable(this.tests.get(pi))).judge());
		verdicts.addAll(new DockerJudge(known.docker()).judge());
		verdicts.addAll(new SwarmJudge(pi, known, this.home, Home.isCertain(this.facts)).judge(this.now));
		verdicts.addAll(machine.judgeSensors());
		return verdicts;
	}

	private Verdict name(Machine machine) {
		return Verdict.on("name", machine.hostname(), (hostname) -> {
			if (count(Machine::hostname, hostname) > 1) {
				return Verdict.bad("name", "another Pi has the name " + hostname
						+ " too: run 'sudo hostnamectl set-hostname NAME', then reboot");
			}
			return Verdict.on("name", machine.machineId(),
					(id) -> (count(Machine::machineId, id) > 1)
							? Verdict.bad("name",
									"is a copy of another Pi (same /etc/machine-id): run "
											+ "'sudo rm /etc/machine-id && sudo systemd-machine-id-setup', then reboot")
							: Verdict.ok("name", hostname));
		});
	}

	private long count(Function<Machine, Fact<String>> fact, String value) {
		return this.facts.values()
			.stream()
			.filter((other) -> other.map(PiFacts::machine).flatMap(fact).value().filter(value::equals).isPresent())
			.count();
	}

}

package org.piswarm.swarm.judge;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.piswarm.swarm.docker.DockerInfo;
import org.piswarm.swarm.docker.Node;
import org.piswarm.swarm.facts.Certificate;
import org.piswarm.swarm.facts.PiFacts;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.pis.Pi;

/** Judges a Pi's part in the Swarm. */
final class SwarmJudge {

	/** Swarm renews the certificates of nodes that are on long before this. */
	private static final long CERTIFICATE_DAYS = 7;

	private final Pi pi;

	private final PiFacts facts;

	private final Home home;

	private final boolean certain;

	SwarmJudge(Pi pi, PiFacts facts, Home home, boolean certain) {
		this.pi = pi;
		this.facts = facts;
		this.home = home;
		this.certain = certain;
	}

	List<Verdict> judge(Instant now) {
		List<Verdict> verdicts = new ArrayList<>();
		if (this.facts.docker().installed().value().filter((installed) -> !installed).isPresent()) {
			verdicts.add(Verdict.up("Swarm", "is in no Swarm"));
			return verdicts;
		}
		Fact<DockerInfo.Swarm> swarm = this.facts.docker().info().map(DockerInfo::swarm);
		verdicts.add(Verdict.on("Swarm", swarm, new Membership(this.pi, this.facts, this.home, this.certain)::judge));
		swarm.value().flatMap((value) -> this.home.node(value.nodeId())).ifPresent((node) -> labels(node, verdicts));
		if (swarm.value().filter((value) -> !value.state().equals("inactive")).isPresent()) {
			this.facts.docker()
				.certificate()
				.ifPresent((certificate) -> verdicts
					.add(Verdict.on("certificate", certificate, (value) -> certificate(value, now))));
		}
		return verdicts;
	}

	private void labels(Node node, List<Verdict> verdicts) {
		String missing = new TreeMap<>(this.pi.labels()).entrySet()
			.stream()
			.filter((label) -> !label.getValue().equals(node.labels().get(label.getKey())))
			.map((label) -> label.getKey() + "=" + label.getValue())
			.collect(Collectors.joining(" "));
		if (!missing.isEmpty()) {
			verdicts.add(Verdict.up("labels", "the node lacks " + missing));
		}
		else if (!this.pi.labels().isEmpty()) {
			verdicts.add(Verdict.ok("labels", "as in the list"));
		}
	}

	private Verdict certificate(Certificate certificate, Instant now) {
		Duration left = Duration.between(now, certificate.end());
		if (left.toDays() >= CERTIFICATE_DAYS) {
			return Verdict.ok("certificate", "valid for " + left.toDays() + " days; Swarm renews it");
		}
		return left.isNegative()
				? Verdict.bad("certificate",
						"has ended, because the Pi was off for too long: run 'docker swarm leave' on it, "
								+ "'docker node rm' on a manager, then 'swarm up'")
				: Verdict.note("certificate",
						"ends in " + left.toDays() + " days: leave the Pi on for a day, so that Swarm renews it");
	}

}

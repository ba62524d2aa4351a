package org.piswarm.swarm.verb;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.piswarm.swarm.docker.Node;
import org.piswarm.swarm.facts.PiFacts;
import org.piswarm.swarm.judge.Home;
import org.piswarm.swarm.judge.Judgement;
import org.piswarm.swarm.judge.NodeRow;
import org.piswarm.swarm.docker.ServiceCount;
import org.piswarm.swarm.judge.Strangers;
import org.piswarm.swarm.judge.Verdict;
import org.piswarm.swarm.judge.Verdict.Level;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.terminal.Text;

/** What {@code status} shows: tables, and what is wrong or unknown. */
final class StatusReport {

	private final Scene scene;

	private final List<String> lines = new ArrayList<>();

	private final List<String> problems = new ArrayList<>();

	StatusReport(Scene scene, Instant now) {
		this.scene = scene;
		part("nodes", scene.state().nodes(), this::nodes);
		this.lines.add("");
		part("services", scene.state().counts(), this::services);
		unreachable();
		verdicts(now);
	}

	List<String> lines() {
		return this.lines;
	}

	List<String> problems() {
		return this.problems;
	}

	private <T> void part(String what, Fact<List<T>> fact, Consumer<List<T>> show) {
		if (fact instanceof Fact.Unknown<List<T>> unknown) {
			this.lines.add("The " + what + " are unknown.");
			this.problems.add("UNKNOWN  " + what + ": " + unknown.reason());
		}
		fact.value().ifPresent(show);
	}

	private void warn(String text) {
		this.problems.add("WARNING  " + text);
	}

	private void nodes(List<Node> nodes) {
		List<List<String>> rows = new ArrayList<>(List.of(NodeRow.TITLES));
		for (Node node : nodes) {
			NodeRow row = new NodeRow(node, this.scene.factsOf(node).map(PiFacts::machine));
			rows.add(row.cells());
			row.problem().ifPresent((problem) -> warn(problem + silent(node)));
		}
		this.lines.addAll(Text.table(rows));
		Strangers.among(nodes, this.scene.facts()).forEach((verdict) -> warn(verdict.text()));
	}

	/** A node that is off is one problem, also if SSH does not reach it. */
	private String silent(Node node) {
		return this.scene.unreached(node).map((pi) -> "; " + pi.name() + " does not answer").orElse("");
	}

	private void services(List<ServiceCount> counts) {
		if (counts.isEmpty()) {
			this.lines.add("No services.");
			return;
		}
		List<List<String>> rows = new ArrayList<>();
		rows.add(List.of("SERVICE", "REPLICAS", "NODES", "LAST UPDATE", "IMAGE"));
		for (ServiceCount count : counts) {
			rows.add(count.cells());
			count.shortage().ifPresent(this::warn);
			count.badUpdate().ifPresent(this::warn);
		}
		this.lines.addAll(Text.table(rows));
	}

	private void unreachable() {
		List<Node> nodes = this.scene.state().nodes().value().orElse(List.of());
		this.scene.facts().forEach((pi, fact) -> {
			boolean reported = nodes.stream()
				.anyMatch((node) -> this.scene.unreached(node).filter(pi::equals).isPresent());
			if (fact instanceof Fact.Unknown<PiFacts> unknown && !reported) {
				warn(pi.name() + ": " + unknown.reason());
			}
		});
	}

	private void verdicts(Instant now) {
		Home home = new Home(this.scene.home(), this.scene.state().nodes());
		new Judgement(this.scene.facts(), home, Map.of(), now).verdicts().forEach((pi, verdicts) -> {
			if (this.scene.facts().get(pi) instanceof Fact.Known) {
				verdicts.forEach((verdict) -> verdict(pi, verdict));
			}
		});
	}

	private void verdict(Pi pi, Verdict verdict) {
		String text = pi.name() + ": " + verdict.check() + ": " + verdict.text();
		if (verdict.level() == Level.BAD) {
			warn(text);
		}
		else if (verdict.level() == Level.UNKNOWN) {
			this.problems.add("UNKNOWN  " + text);
		}
	}

}

package org.piswarm.swarm.prepare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.piswarm.swarm.docker.Node;
import org.piswarm.swarm.facts.PiFacts;
import org.piswarm.swarm.judge.Home;
import org.piswarm.swarm.judge.Identities;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.pis.Role;

/**
 * What must change so that all Pis of the list are in one Swarm, as the list says.
 *
 * @param first the Pi that makes the Swarm; empty if it exists
 * @param joins the Pis that join it, managers first
 * @param roles the nodes that get another role, promotions first
 * @param labels the labels that nodes get
 */
public record SwarmPlan(Optional<Pi> first, List<Pi> joins, List<RoleChange> roles, List<LabelChange> labels) {

	/**
	 * A node that gets the role of the list.
	 *
	 * @param pi the Pi
	 * @param node the node, as a manager lists it
	 */
	public record RoleChange(Pi pi, Node node) {
	}

	/**
	 * A node that gets a label of the list.
	 *
	 * @param pi the Pi
	 * @param node the node, as a manager lists it; empty if it joins first
	 * @param label the label and its value
	 */
	public record LabelChange(Pi pi, Optional<Node> node, String label) {
	}

	/** Unknown if it is not known of each Pi whether it is in the Swarm. */
	public static Fact<SwarmPlan> of(Map<Pi, Fact<PiFacts>> facts, Fact<Optional<String>> home,
			Fact<List<Node>> nodes) {
		return home.flatMap((id) -> {
			if (id.isPresent() && nodes instanceof Fact.Unknown<List<Node>> unknown) {
				return Fact.unknown("the nodes of the Swarm are unknown: " + unknown.reason());
			}
			Identities identities = new Identities(nodes.value().orElse(List.of()), facts);
			SwarmPlan plan = new SwarmPlan(id.isPresent() ? Optional.empty() : facts.keySet().stream().findFirst(),
					new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
			for (Map.Entry<Pi, Fact<PiFacts>> entry : facts.entrySet()) {
				String obstacle = entry.getValue()
					.flatMap(Home::swarmOf)
					.fold((own) -> plan.add(entry.getKey(), own, id, identities), (reason) -> reason);
				if (!obstacle.isEmpty()) {
					return Fact.unknown(entry.getKey().name() + ": " + obstacle);
				}
			}
			plan.joins.sort(Comparator.comparing(Pi::role));
			plan.roles.sort(Comparator.comparing((change) -> change.pi().role()));
			return Fact.known(plan);
		});
	}

	/** Returns what is in the way; nothing if all is well. */
	private String add(Pi pi, Optional<String> own, Optional<String> home, Identities identities) {
		Optional<Node> node = Optional.empty();
		if (own.isPresent()) {
			if (!own.equals(home)) {
				return "it is in another Swarm";
			}
			node = identities.nodes().stream().filter((other) -> isCertainly(pi, other, identities)).findFirst();
			if (node.isEmpty()) {
				return "which node it is, is unknown: run 'swarm check'";
			}
			node.filter((member) -> member.role() != pi.role())
				.ifPresent((member) -> this.roles.add(new RoleChange(pi, member)));
		}
		else if (!this.first.equals(Optional.of(pi))) {
			this.joins.add(pi);
		}
		Optional<Node> member = node;
		new TreeMap<>(pi.labels()).forEach((key, value) -> {
			if (!member.map((known) -> value.equals(known.labels().get(key))).orElse(false)) {
				this.labels.add(new LabelChange(pi, member, key + "=" + value));
			}
		});
		return "";
	}

	private static boolean isCertainly(Pi pi, Node node, Identities identities) {
		return identities.reports(pi, node) && identities.pi(node).equals(Optional.of(pi));
	}

	public boolean isDone() {
		return this.first.isEmpty() && this.joins.isEmpty() && this.roles.isEmpty() && this.labels.isEmpty();
	}

	/** What each of its steps would do. */
	public List<String> lines() {
		List<String> lines = new ArrayList<>();
		this.first.ifPresent((pi) -> lines.add(pi.name() + ": would make a Swarm, as its manager"));
		this.joins.forEach((pi) -> lines.add(pi.name() + ": would join the Swarm as " + pi.role()));
		this.roles.forEach((change) -> lines.add(change.pi().name() + ": would become a " + change.pi().role()));
		this.labels.forEach((change) -> lines.add(change.pi().name() + ": would get the label " + change.label()));
		return lines;
	}

	/**
	 * What is left until all nodes are ready with the roles of the list; empty if
	 * nothing. A manager is one only when the others reach it.
	 */
	public static Fact<List<String>> open(Map<Pi, Fact<PiFacts>> facts, Fact<List<Node>> nodes) {
		return nodes.map((list) -> {
			Identities identities = new Identities(list, facts);
			List<String> open = new ArrayList<>();
			facts.keySet().forEach((pi) -> {
				Optional<Node> node = list.stream().filter((other) -> isCertainly(pi, other, identities)).findFirst();
				if (node.filter(Node::isReady).isEmpty()) {
					open.add(pi.name() + " is " + node.map(Node::state).orElse("no node yet"));
				}
				else if (pi.role() == Role.MANAGER && node.filter(Node::reachable).isEmpty()) {
					open.add(pi.name() + " is no manager that the others reach");
				}
			});
			return open;
		});
	}

}

package org.piswarm.swarm.verb;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import org.piswarm.swarm.docker.Node;
import org.piswarm.swarm.facts.PiFacts;
import org.piswarm.swarm.judge.Identities;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.pis.Pi;

/**
 * Which Pis get images.
 *
 * @param pis the Pis that are nodes of the Swarm and ready
 * @param notes one line for each Pi and each node that gets none
 */
record Holders(List<Pi> pis, List<String> notes) {

	private static final String AGAIN = "when it comes back, deploy again, or it lacks the images";

	static Holders of(Scene scene) {
		List<Node> nodes = scene.nodes();
		Identities identities = scene.identities();
		List<Pi> pis = new ArrayList<>();
		List<String> notes = new ArrayList<>();
		scene.facts().forEach((pi, fact) -> {
			boolean holder = nodes.stream().anyMatch((node) -> node.isReady() && identities.reports(pi, node));
			boolean reported = nodes.stream().anyMatch((node) -> scene.unreached(node).filter(pi::equals).isPresent());
			if (holder) {
				pis.add(pi);
			}
			else if (!reported) {
				notes.add(pi.name() + fact.flatMap((known) -> known.docker().info())
					.fold((info) -> " is not a ready node of this Swarm, so it gets no images: see 'swarm check'",
							(reason) -> " gets no images: " + reason));
			}
		});
		nodes.forEach((node) -> note(scene, node, pis, notes));
		return new Holders(pis, notes);
	}

	private static void note(Scene scene, Node node, List<Pi> holders, List<String> notes) {
		Identities identities = scene.identities();
		List<Pi> pis = identities.pis(node);
		boolean former = scene.nodes()
			.stream()
			.anyMatch((other) -> other.isReady() && other.hostname().equals(node.hostname()));
		if (!node.isReady() && !former) {
			notes.add(node.hostname() + " is " + node.state()
					+ scene.unreached(node).map((pi) -> ", and " + pi.name() + " does not answer").orElse("") + "; "
					+ AGAIN);
		}
		// Of a Pi that did not answer, there is a line.
		else if (node.isReady() && holders.stream().noneMatch((pi) -> identities.reports(pi, node))
				&& pis.stream().allMatch((pi) -> hasAnswered(scene, pi))) {
			notes.add(node.hostname() + (pis.isEmpty() ? " is a node of the Swarm and not in the list" : " may be "
					+ pis.stream().map(Pi::name).collect(Collectors.joining(" or ")) + ", which reports another ID")
					+ ", so it gets no images");
		}
	}

	private static boolean hasAnswered(Scene scene, Pi pi) {
		Fact<PiFacts> facts = scene.facts().get(pi);
		return facts != null && facts.flatMap((known) -> known.docker().info()) instanceof Fact.Known;
	}

}

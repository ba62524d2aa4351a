package org.piswarm.swarm.docker;

import java.util.List;

/**
 * Where the replicas of a service may run.
 *
 * @param constraints what a node must be, such as {@code node.role==worker}
 * @param spreads the labels over whose values Swarm spreads the replicas, such as
 * {@code node.labels.zone}
 * @param maxPerNode how many replicas a node may run; 0 if there is no limit
 * @param platforms the platforms of the image; empty if they are not known
 * @param reserved what each replica reserves
 * @param generic whether it reserves generic resources
 */
public record Placement(List<String> constraints, List<String> spreads, int maxPerNode, List<Platform> platforms,
		Resources reserved, boolean generic) {

	static Placement from(Json template) {
		return new Placement(template.list("Placement.Constraints", Json::text),
				template.list("Placement.Preferences", (json) -> json.text("Spread.SpreadDescriptor", ""))
					.stream()
					.filter((label) -> label.matches("(?i)(node|engine)\\.labels\\..+"))
					.toList(),
				template.number("Placement.MaxReplicas", 0), template.list("Placement.Platforms", Platform::from),
				Resources.from(template.at("Resources.Reservations")),
				!template.list("Resources.Reservations.GenericResources", (json) -> json).isEmpty());
	}

}

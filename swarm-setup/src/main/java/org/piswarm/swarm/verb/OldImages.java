package org.piswarm.swarm.verb;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.piswarm.swarm.docker.SwarmState;
import org.piswarm.swarm.facts.Survey;
import org.piswarm.swarm.images.KitImage;
import org.piswarm.swarm.known.Fact;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.ssh.Script;
import org.piswarm.swarm.ssh.Ssh;
import org.piswarm.swarm.terminal.Progress;

/**
 * Images of earlier releases on the Pis, which would fill the disk.
 *
 * @param ssh the connections
 * @param progress says what failed
 */
record OldImages(Ssh ssh, Progress progress) {

	private static final Duration DEADLINE = Duration.ofMinutes(5);

	/**
	 * Calls the images of this release latest, and removes those that no service uses or
	 * can be rolled back to. If the services are unknown, it removes none.
	 */
	void remove(List<KitImage> images, List<Pi> pis, SwarmState state) {
		new Survey(this.ssh, this.progress).forAll(pis, (pi) -> remove(images, pi, state))
			.forEach((pi, failure) -> failure
				.ifPresent((reason) -> this.progress.note(pi.name() + ": older images were not removed: " + reason)));
	}

	private Optional<String> remove(List<KitImage> images, Pi pi, SwarmState state) {
		for (KitImage image : images) {
			List<String> arguments = new ArrayList<>(List.of(image.repository(), image.tag()));
			arguments.addAll(used(image, state));
			Fact<String> reply = this.ssh.run(pi, Script.KEEP_IMAGES.with(arguments.toArray(String[]::new)), DEADLINE);
			if (reply instanceof Fact.Unknown<String> unknown) {
				return Optional.of(unknown.reason());
			}
		}
		return Optional.empty();
	}

	/** What a manager says becomes part of a command on other nodes only as a tag. */
	private static List<String> used(KitImage image, SwarmState state) {
		String prefix = image.repository() + ":";
		return state.services()
			.map((services) -> services.stream()
				.flatMap((service) -> Stream.of(service.image(), service.release().previousImage()))
				.map((name) -> name.replaceFirst("@.*", ""))
				.filter((name) -> name.startsWith(prefix))
				.map((name) -> name.substring(prefix.length()))
				.filter((tag) -> tag.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"))
				.distinct()
				.toList())
			.value()
			.orElse(List.of());
	}

}

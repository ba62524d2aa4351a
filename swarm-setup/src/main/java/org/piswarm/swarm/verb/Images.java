package org.piswarm.swarm.verb;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.piswarm.swarm.docker.SwarmState;
import org.piswarm.swarm.images.Kit;
import org.piswarm.swarm.images.KitImage;
import org.piswarm.swarm.images.Registry;
import org.piswarm.swarm.known.Failure;
import org.piswarm.swarm.pis.Pi;
import org.piswarm.swarm.ssh.Ssh;
import org.piswarm.swarm.stack.Stack;
import org.piswarm.swarm.terminal.Progress;

/**
 * The images of a stack that this project builds. Images of others are left to the nodes
 * to pull.
 */
final class Images {

	private static final String WAITING = "the images, which Maven builds";

	private final Kit kit;

	private final Scene scene;

	private final Progress progress;

	private final KitNames names = KitNames.ofEnvironment();

	private final List<KitImage> brought = new ArrayList<>();

	private List<Pi> holders = List.of();

	Images(Kit kit, Scene scene, Progress progress) {
		this.kit = kit;
		this.scene = scene;
		this.progress = progress;
	}

	/** The options with which Docker finds them. */
	List<String> options() {
		return this.names.registry().isEmpty() ? List.of("--resolve-image", "never") : List.of("--with-registry-auth");
	}

	/** Says what it would bring to which Pi. */
	void show(Stack stack) {
		Set<String> own = own(stack);
		if (!own.isEmpty()) {
			holders().forEach((pi) -> this.progress.say("would bring to " + pi.name() + ": " + String.join(" ", own)));
		}
		Set<String> pushed = pushed(stack);
		if (!pushed.isEmpty()) {
			this.progress.say("would push to " + this.names.registry() + ": " + String.join(" ", pushed));
		}
	}

	/**
	 * Builds and brings them. Returns the stack with the names that say what is in them.
	 */
	Stack bring(Stack stack, Ssh ssh) {
		Map<String, String> renamed = new HashMap<>();
		Set<String> own = own(stack);
		if (!own.isEmpty()) {
			List<Pi> pis = holders();
			if (pis.isEmpty()) {
				throw new Failure(
						"no node can get the images, for the reasons above, so nothing was changed: run 'swarm check'");
			}
			try (Registry local = Registry.start(ssh)) {
				this.brought
					.addAll(build("127.0.0.1:" + local.port(), "new", own, "building the images for arm64 and amd64"));
				this.progress.say("bringing them to " + pis.size() + ((pis.size() == 1) ? " node" : " nodes"));
				new Delivery(ssh, this.progress, local.port()).bring(this.brought, pis);
			}
			stack.images()
				.values()
				.forEach((name) -> this.brought.stream()
					.filter((image) -> image.module().equals(KitNames.module(name)))
					.forEach((image) -> renamed.put(name, image.name())));
		}
		Set<String> pushed = pushed(stack);
		if (!pushed.isEmpty()) {
			// With the digest, no other image under this tag can take its place.
			build(this.names.registry(), this.names.tag(), pushed,
					"building the images, and pushing them to " + this.names.registry())
				.forEach((image) -> renamed.put(this.names.pushed(image.module()),
						this.names.pushed(image.module()) + "@" + image.digest()));
		}
		return stack.withImages(renamed);
	}

	/** After they have converged: the nodes need no earlier ones. */
	void removeOld(SwarmState state, Ssh ssh) {
		new OldImages(ssh, this.progress).remove(this.brought, this.holders, state);
	}

	private List<KitImage> build(String to, String as, Set<String> modules, String what) {
		this.progress.say(what);
		this.progress.begin(WAITING);
		try {
			return this.kit.push(to, as, modules);
		}
		finally {
			this.progress.end(WAITING);
		}
	}

	/** The modules of images that no registry serves. */
	private Set<String> own(Stack stack) {
		Set<String> named = KitNames.own(stack);
		if (named.isEmpty()) {
			return named;
		}
		List<String> modules = this.kit.modules();
		named.stream()
			.filter((name) -> !modules.contains(name))
			.forEach((name) -> this.progress.note("this project builds no image " + KitImage.PREFIX + "/" + name
					+ ", so none is brought; it builds " + String.join(", ", modules)));
		named.retainAll(modules);
		return named;
	}

	private Set<String> pushed(Stack stack) {
		return this.names.hasPushed(stack) ? this.names.pushed(stack, this.kit.modules()) : Set.of();
	}

	private List<Pi> holders() {
		Holders found = Holders.of(this.scene);
		found.notes().forEach(this.progress::note);
		this.holders = found.pis();
		return this.holders;
	}

}

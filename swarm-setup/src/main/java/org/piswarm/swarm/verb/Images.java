package org.piswarm.swarm.verb;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.piswarm.swarm.docker.SwarmState;
import org.piswarm.swarm.images.Kit;
import org.piswarm.swarm.images.KitImage;
import org.piswarm.swarm.images.Registry;
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

	private final String registry = System.getenv().getOrDefault("REGISTRY", "");

	private final String tag;

	private final List<KitImage> brought = new ArrayList<>();

	private List<Pi> holders = List.of();

	Images(Kit kit, Scene scene, Progress progress) {
		this.kit = kit;
		this.scene = scene;
		this.progress = progress;
		String set = System.getenv().getOrDefault("TAG", "");
		this.tag = set.isEmpty() ? "latest" : set;
	}

	/** The options with which Docker finds them. */
	List<String> options() {
		return this.registry.isEmpty() ? List.of("--resolve-image", "never") : List.of("--with-registry-auth");
	}

	/** Says what it would bring to which Pi. */
	void show(Stack stack) {
		Set<String> own = own(stack);
		if (!own.isEmpty()) {
			holders().forEach((pi) -> this.progress.say("would bring to " + pi.name() + ": " + String.join(" ", own)));
		}
		Set<String> pushed = pushed(stack);
		if (!pushed.isEmpty()) {
			this.progress.say("would push to " + this.registry + ": " + String.join(" ", pushed));
		}
	}

	/**
	 * Builds and brings them. Returns the stack with the names that say what is in them.
	 */
	Stack bring(Stack stack, Ssh ssh) {
		Map<String, String> names = new HashMap<>();
		Set<String> own = own(stack);
		if (!own.isEmpty()) {
			List<Pi> pis = holders();
			try (Registry local = Registry.start(ssh)) {
				this.brought
					.addAll(build("127.0.0.1:" + local.port(), "new", own, "building the images for arm64 and amd64"));
				this.progress.say("bringing them to " + pis.size() + ((pis.size() == 1) ? " node" : " nodes"));
				new Delivery(ssh, this.progress, local.port()).bring(this.brought, pis);
			}
			stack.images()
				.values()
				.forEach((name) -> this.brought.stream()
					.filter((image) -> image.module().equals(module(name)))
					.forEach((image) -> names.put(name, image.name())));
		}
		Set<String> pushed = pushed(stack);
		if (!pushed.isEmpty()) {
			// With the digest, no other image under this tag can take its place.
			build(this.registry, this.tag, pushed, "building the images, and pushing them to " + this.registry)
				.forEach((image) -> names.put(inRegistry(image.module()),
						inRegistry(image.module()) + "@" + image.digest()));
		}
		return stack.withImages(names);
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

	private List<Pi> holders() {
		Holders found = Holders.of(this.scene);
		found.notes().forEach(this.progress::note);
		this.holders = found.pis();
		return this.holders;
	}

	/** The modules whose images have names that no registry serves. */
	private Set<String> own(Stack stack) {
		Set<String> named = stack.images()
			.values()
			.stream()
			.filter((name) -> name.startsWith(KitImage.PREFIX + "/"))
			.map(Images::module)
			.collect(Collectors.toCollection(TreeSet::new));
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

	/** The modules whose images are named as REGISTRY and TAG say. */
	private Set<String> pushed(Stack stack) {
		if (this.registry.isEmpty()
				|| stack.images().values().stream().noneMatch((name) -> name.startsWith(this.registry + "/"))) {
			return Set.of();
		}
		return this.kit.modules()
			.stream()
			.filter((module) -> stack.images().containsValue(inRegistry(module)))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private String inRegistry(String module) {
		return this.registry + "/" + module + ":" + this.tag;
	}

	private static String module(String name) {
		return name.startsWith(KitImage.PREFIX + "/")
				? name.substring(KitImage.PREFIX.length() + 1).replaceFirst("[:@].*", "") : "";
	}

}

package org.piswarm.swarm.verb;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.piswarm.swarm.images.KitImage;
import org.piswarm.swarm.stack.Stack;

/**
 * The names under which a stack file can name images of this project.
 *
 * @param registry the registry to which they are pushed; empty if to none
 * @param tag their tag there
 */
record KitNames(String registry, String tag) {

	static KitNames ofEnvironment() {
		String tag = System.getenv().getOrDefault("TAG", "");
		return new KitNames(System.getenv().getOrDefault("REGISTRY", ""), tag.isEmpty() ? "latest" : tag);
	}

	/** The modules that a stack names without a registry, whether they exist or not. */
	static Set<String> own(Stack stack) {
		return stack.images()
			.values()
			.stream()
			.filter((name) -> name.startsWith(KitImage.PREFIX + "/"))
			.map(KitNames::module)
			.collect(Collectors.toCollection(TreeSet::new));
	}

	/** The module of an image that no registry serves; empty for other images. */
	static String module(String name) {
		return name.startsWith(KitImage.PREFIX + "/")
				? name.substring(KitImage.PREFIX.length() + 1).replaceFirst("[:@].*", "") : "";
	}

	/** Whether a stack may name images that are pushed. */
	boolean hasPushed(Stack stack) {
		return !this.registry.isEmpty()
				&& stack.images().values().stream().anyMatch((name) -> name.startsWith(this.registry + "/"));
	}

	/** Those of the modules whose images the stack names as they are pushed. */
	Set<String> pushed(Stack stack, Collection<String> modules) {
		return modules.stream()
			.filter((module) -> stack.images().containsValue(pushed(module)))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	/** The name of a module's image that is pushed. */
	String pushed(String module) {
		return this.registry + "/" + module + ":" + this.tag;
	}

}

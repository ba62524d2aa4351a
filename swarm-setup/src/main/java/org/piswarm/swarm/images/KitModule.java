package org.piswarm.swarm.images;

import java.nio.file.Path;

/**
 * A module of this project from which an image is built. The build allows no two modules
 * of one name, so a name stands for one image.
 *
 * @param name its name and that of its image
 * @param sample the sample that it belongs to; empty for the project's own services
 */
record KitModule(String name, String sample) {

	/** Where it is, from the directory of the project. */
	Path directory() {
		return this.sample.isEmpty() ? Path.of(this.name) : Path.of("samples", this.sample, this.name);
	}

}

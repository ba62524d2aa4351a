/**
 * The images that this project builds, on their way to the Pis.
 */
@NullMarked
package org.piswarm.swarm.images;

import org.jspecify.annotations.NullMarked;

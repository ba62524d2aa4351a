/** Asks rng for bytes and hasher for their hash, endlessly, and counts in Redis. */
@NullMarked
package org.piswarm.dockercoins.worker;

import org.jspecify.annotations.NullMarked;

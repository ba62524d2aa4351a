/** Answers {@code GET /N} with N random bytes. */
@NullMarked
package org.piswarm.dockercoins.rng;

import org.jspecify.annotations.NullMarked;

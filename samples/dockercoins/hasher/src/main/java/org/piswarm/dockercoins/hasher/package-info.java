/** Answers a POST with the SHA-256 of its body. */
@NullMarked
package org.piswarm.dockercoins.hasher;

import org.jspecify.annotations.NullMarked;

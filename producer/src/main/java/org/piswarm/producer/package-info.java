/**
 * Answers {@code GET /number} with a random number, and names the replica that answered.
 */
@NullMarked
package org.piswarm.producer;

import org.jspecify.annotations.NullMarked;

/**
 * Answers {@code GET /number} with a random number, and says which replica answered.
 */
@NullMarked
package org.piswarm.producer;

import org.jspecify.annotations.NullMarked;

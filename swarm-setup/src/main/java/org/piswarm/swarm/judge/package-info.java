/**
 * Verdicts: pure functions from facts to what is well and what to do about the rest.
 */
@NullMarked
package org.piswarm.swarm.judge;

import org.jspecify.annotations.NullMarked;

/**
 * The verbs, one class each.
 */
@NullMarked
package org.piswarm.swarm.verb;

import org.jspecify.annotations.NullMarked;

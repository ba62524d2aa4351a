/**
 * The list of Pis.
 */
@NullMarked
package org.piswarm.swarm.pis;

import org.jspecify.annotations.NullMarked;

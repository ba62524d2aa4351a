/**
 * Docker's JSON as records.
 */
@NullMarked
package org.piswarm.swarm.docker;

import org.jspecify.annotations.NullMarked;

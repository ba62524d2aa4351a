/**
 * Knowledge: a fact is known, or unknown with a reason.
 */
@NullMarked
package org.piswarm.swarm.known;

import org.jspecify.annotations.NullMarked;

/**
 * Runs scripts on Pis through this machine's {@code ssh}.
 */
@NullMarked
package org.piswarm.swarm.ssh;

import org.jspecify.annotations.NullMarked;

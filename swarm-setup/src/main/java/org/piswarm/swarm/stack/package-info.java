/**
 * Stack files: what they name, and what Swarm makes of them.
 */
@NullMarked
package org.piswarm.swarm.stack;

import org.jspecify.annotations.NullMarked;

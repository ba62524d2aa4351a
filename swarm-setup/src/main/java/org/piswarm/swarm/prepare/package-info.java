/** What a Pi needs before it can be in a Swarm: pure functions from facts to steps. */
@NullMarked
package org.piswarm.swarm.prepare;

import org.jspecify.annotations.NullMarked;

/**
 * The command {@code swarm}: it makes a Docker Swarm of Raspberry Pis and operates it
 * over SSH.
 */
@NullMarked
package org.piswarm.swarm;

import org.jspecify.annotations.NullMarked;

/** Tests of all services of DockerCoins together, each in a process of its own. */
@NullMarked
package org.piswarm.dockercoins;

import org.jspecify.annotations.NullMarked;

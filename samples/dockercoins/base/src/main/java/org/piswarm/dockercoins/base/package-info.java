/**
 * What all services of DockerCoins do in the same way. Nothing here is part of the
 * contract between them.
 */
@NullMarked
package org.piswarm.dockercoins.base;

import org.jspecify.annotations.NullMarked;

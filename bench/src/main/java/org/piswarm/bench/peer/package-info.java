/** The peers in Java. */
@NullMarked
package org.piswarm.bench.peer;

import org.jspecify.annotations.NullMarked;

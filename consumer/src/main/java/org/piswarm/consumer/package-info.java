/** Starts the consumer. */
@NullMarked
package org.piswarm.consumer;

import org.jspecify.annotations.NullMarked;

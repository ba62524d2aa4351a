/** Asks the producer at a steady pace, with retries, and records each outcome. */
@NullMarked
package org.piswarm.consumer.polling;

import org.jspecify.annotations.NullMarked;

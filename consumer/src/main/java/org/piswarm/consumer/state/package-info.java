/**
 * Keeps what the consumer knows in memory: readings, counts, notices and the state of the
 * producer.
 */
@NullMarked
package org.piswarm.consumer.state;

import org.jspecify.annotations.NullMarked;

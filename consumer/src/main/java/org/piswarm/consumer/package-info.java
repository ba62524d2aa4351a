/**
 * Polls the producer at a steady pace, keeps the latest number in memory, and answers
 * from there while the producer is away.
 */
@NullMarked
package org.piswarm.consumer;

import org.jspecify.annotations.NullMarked;

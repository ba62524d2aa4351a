/**
 * What a user sees on the terminal: progress, tables, and safe text.
 */
@NullMarked
package org.piswarm.swarm.terminal;

import org.jspecify.annotations.NullMarked;

/** Reads what a user may set, and explains in one line why a start failed. */
@NullMarked
package org.piswarm.consumer.settings;

import org.jspecify.annotations.NullMarked;

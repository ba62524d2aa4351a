/** Owns the conferences, and publishes each change. */
@NullMarked
package org.piswarm.conference.conferences;

import org.jspecify.annotations.NullMarked;

/** Both services together, and the lesson. */
@NullMarked
package org.piswarm.conference;

import org.jspecify.annotations.NullMarked;

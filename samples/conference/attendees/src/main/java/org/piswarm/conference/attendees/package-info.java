/** Registers people for conferences, of which it keeps a copy. */
@NullMarked
package org.piswarm.conference.attendees;

import org.jspecify.annotations.NullMarked;

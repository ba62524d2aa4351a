/**
 * Backups of a Swarm's state: the file, what it says about itself, and when a backup or a
 * restore is safe.
 */
@NullMarked
package org.piswarm.swarm.backup;

import org.jspecify.annotations.NullMarked;

/** Shows the counts that are in Redis, as a live page and as JSON. */
@NullMarked
package org.piswarm.dockercoins.webui;

import org.jspecify.annotations.NullMarked;

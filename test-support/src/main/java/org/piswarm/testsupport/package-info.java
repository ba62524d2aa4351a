/**
 * What the tests of several modules share: processes, logs, connections, browsers and API
 * descriptions.
 */
@NullMarked
package org.piswarm.testsupport;

import org.jspecify.annotations.NullMarked;

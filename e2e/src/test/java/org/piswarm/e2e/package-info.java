/**
 * The promises of the kit, tried on real kernels: what a user types, and what then can be
 * seen from outside.
 */
@NullMarked
package org.piswarm.e2e;

import org.jspecify.annotations.NullMarked;

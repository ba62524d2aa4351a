/**
 * Tests what the kit promises, on real kernels: they type what a user types, and check
 * what a user sees.
 */
@NullMarked
package org.piswarm.e2e;

import org.jspecify.annotations.NullMarked;

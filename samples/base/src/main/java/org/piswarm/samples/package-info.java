/**
 * What services of samples do in the same way. Nothing here is part of the contract
 * between them.
 */
@NullMarked
package org.piswarm.samples;

import org.jspecify.annotations.NullMarked;

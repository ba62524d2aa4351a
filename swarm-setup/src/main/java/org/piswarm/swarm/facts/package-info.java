/**
 * What a Pi says about itself, validated.
 */
@NullMarked
package org.piswarm.swarm.facts;

import org.jspecify.annotations.NullMarked;

/**
 * Measures the producer next to peers that answer the same request, all in one run on one
 * machine, and writes the figures and their ratios to {@code docs/benchmarks.md}.
 */
@NullMarked
package org.piswarm.bench;

import org.jspecify.annotations.NullMarked;

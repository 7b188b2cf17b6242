/**
 * Other tools that monitor event loops, compared under the same disturbances.
 */
@NullMarked
package io.github.eventloop.benchmarks.peers;

import org.jspecify.annotations.NullMarked;

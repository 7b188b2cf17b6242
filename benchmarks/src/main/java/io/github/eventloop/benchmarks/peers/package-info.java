/**
 * What others that watch event loops say of the same disturbances.
 */
@NullMarked
package io.github.eventloop.benchmarks.peers;

import org.jspecify.annotations.NullMarked;

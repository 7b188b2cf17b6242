/**
 * What the frames of a stack reveal: the culprit, class loading, TLS handshakes.
 * <p>
 * Internal to the library: not part of its API, and may change in any release.
 */
@NullMarked
package io.github.eventloop.stall.internal.stack;

import org.jspecify.annotations.NullMarked;

/**
 * Detectors of blocking calls, with JDK Flight Recorder and BlockHound.
 * <p>
 * Internal to the library: not part of its API, and may change in any release.
 */
@NullMarked
package io.github.eventloop.blocking.internal;

import org.jspecify.annotations.NullMarked;

/**
 * Events of JDK Flight Recorder for stalls and seconds of event loops.
 * <p>
 * Internal to the library: not part of its API, and may change in any release.
 */
@NullMarked
package io.github.eventloop.jfr.internal;

import org.jspecify.annotations.NullMarked;

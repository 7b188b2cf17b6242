/**
 * Stalls and seconds of the loops as events of JDK Flight Recorder, beside the JVM's own.
 */
@NullMarked
package io.github.eventloop.recording;

import org.jspecify.annotations.NullMarked;

/**
 * Events of JDK Flight Recorder for stalls and seconds of event loops.
 */
@NullMarked
package io.github.eventloop.jfr;

import org.jspecify.annotations.NullMarked;

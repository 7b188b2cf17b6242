/**
 * Stall detection: samples loops while they are stalled, and determines the cause, the
 * culprit and the advice.
 */
@NullMarked
package io.github.eventloop.stall;

import org.jspecify.annotations.NullMarked;

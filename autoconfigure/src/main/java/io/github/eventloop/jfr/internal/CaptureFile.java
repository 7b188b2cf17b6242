package io.github.eventloop.jfr.internal;

import java.time.Instant;

/**
 * A flight recording that was written to a file, as the endpoint lists it. Immutable.
 *
 * @param name the name of the file, unique within its directory
 * @param time the time of the trigger
 * @param trigger what caused it to be written
 * @param bytes the size of the file
 */
public record CaptureFile(String name, Instant time, CaptureTrigger trigger, long bytes) {
}

package io.github.eventloop.finding.internal;

import java.time.Instant;

/**
 * A loop with requests in flight on which nothing happens. Immutable.
 *
 * @param id the id of the loop
 * @param name the name of its thread
 * @param requests the smallest number of requests in flight since then
 * @param events the number of events that the loop had handled by then
 * @param since when the loop handled its last event
 */
public record QuietLoop(long id, String name, int requests, long events, Instant since) {
}

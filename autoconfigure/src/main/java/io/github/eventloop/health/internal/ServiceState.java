package io.github.eventloop.health.internal;

/**
 * States of the {@link HealthPolicy}, with what leads from one to the next.
 *
 * <pre>
 *  NOT_STARTED --first loop--&gt; STARTING --grace is over--&gt; IN_SERVICE &lt;-----+
 *                                  |                        |     ^         |
 *                                stuck           bad seconds, stuck | stays   | recovered,
 *                                  |                        v     |         | or too long
 *                                  +---------------------&gt; LEAVING --&gt; OUT_OF_SERVICE
 * </pre>
 */
enum ServiceState {

	NOT_STARTED, STARTING, IN_SERVICE, LEAVING, OUT_OF_SERVICE

}

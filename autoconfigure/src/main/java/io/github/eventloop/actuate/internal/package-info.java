/**
 * Actuator endpoint, the records of its responses, and its page.
 * <p>
 * Internal to the library: not part of its API, and may change in any release.
 */
@NullMarked
package io.github.eventloop.actuate.internal;

import org.jspecify.annotations.NullMarked;

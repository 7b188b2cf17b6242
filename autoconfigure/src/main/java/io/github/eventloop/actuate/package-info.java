/**
 * Actuator endpoint, the records of its responses, and its page.
 */
@NullMarked
package io.github.eventloop.actuate;

import org.jspecify.annotations.NullMarked;

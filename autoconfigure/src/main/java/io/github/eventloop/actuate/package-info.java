/**
 * Settings of the Actuator endpoint.
 */
@NullMarked
package io.github.eventloop.actuate;

import org.jspecify.annotations.NullMarked;

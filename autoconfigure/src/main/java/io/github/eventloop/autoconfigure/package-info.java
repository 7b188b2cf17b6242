/**
 * Auto-configuration, one class for each optional neighbour, and the properties.
 */
@NullMarked
package io.github.eventloop.autoconfigure;

import org.jspecify.annotations.NullMarked;

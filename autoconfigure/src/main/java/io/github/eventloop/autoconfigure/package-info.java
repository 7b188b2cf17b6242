/**
 * Auto-configuration, one class for each optional dependency, and configuration
 * properties.
 */
@NullMarked
package io.github.eventloop.autoconfigure;

import org.jspecify.annotations.NullMarked;

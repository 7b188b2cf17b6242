/**
 * Six auto-configurations, which use each optional dependency in a nested configuration
 * of its own, and the configuration properties.
 */
@NullMarked
package io.github.eventloop.autoconfigure;

import org.jspecify.annotations.NullMarked;

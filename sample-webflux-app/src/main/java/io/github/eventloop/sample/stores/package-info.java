/**
 * Servers of the shop's data, which are started when they are first used, and their
 * clients.
 */
@NullMarked
package io.github.eventloop.sample.stores;

import org.jspecify.annotations.NullMarked;

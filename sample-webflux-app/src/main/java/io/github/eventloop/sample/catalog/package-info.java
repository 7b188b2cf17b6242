/**
 * Healthy part of the shop: products, read without blocking an event loop.
 */
@NullMarked
package io.github.eventloop.sample.catalog;

import org.jspecify.annotations.NullMarked;

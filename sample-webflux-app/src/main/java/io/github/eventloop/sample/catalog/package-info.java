/**
 * The healthy part of the shop: products, read without holding up a loop.
 */
@NullMarked
package io.github.eventloop.sample.catalog;

import org.jspecify.annotations.NullMarked;

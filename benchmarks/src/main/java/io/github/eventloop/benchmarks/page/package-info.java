/**
 * The live page in a real browser.
 */
@NullMarked
package io.github.eventloop.benchmarks.page;

import org.jspecify.annotations.NullMarked;

/**
 * CPU that a request costs with the library, beside what it costs without.
 */
@NullMarked
package io.github.eventloop.benchmarks.cost;

import org.jspecify.annotations.NullMarked;

/**
 * Description, timing, limits and index of all exhibits.
 */
@NullMarked
package io.github.eventloop.sample.exhibit;

import org.jspecify.annotations.NullMarked;

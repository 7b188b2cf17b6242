/**
 * What all exhibits share: how they are described, timed, bounded and listed.
 */
@NullMarked
package io.github.eventloop.sample.exhibit;

import org.jspecify.annotations.NullMarked;

/**
 * Recording of what event loops do, and the lag and utilization computed from it. Depends
 * on the JDK only.
 */
@NullMarked
package io.github.eventloop.monitor;

import org.jspecify.annotations.NullMarked;

/**
 * Event loops as applications read them: the monitor, its settings and listener, and what
 * it reports. Depends on the JDK and Commons Logging only.
 */
@NullMarked
package io.github.eventloop.monitor;

import org.jspecify.annotations.NullMarked;

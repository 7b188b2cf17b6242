/**
 * The endpoint, the records it answers with, and its page.
 */
@NullMarked
package io.github.eventloop.actuate;

import org.jspecify.annotations.NullMarked;

/**
 * What is known of the requests that a loop carries, and which of them it is working on.
 */
@NullMarked
package io.github.eventloop.web;

import org.jspecify.annotations.NullMarked;

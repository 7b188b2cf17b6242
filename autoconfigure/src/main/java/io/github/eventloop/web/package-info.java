/**
 * What is known of the requests that a loop carries.
 */
@NullMarked
package io.github.eventloop.web;

import org.jspecify.annotations.NullMarked;

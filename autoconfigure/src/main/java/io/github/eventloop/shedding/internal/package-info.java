/**
 * Web filter that sheds requests early, and the response to them.
 * <p>
 * Internal to the library: not part of its API, and may change in any release.
 */
@NullMarked
package io.github.eventloop.shedding.internal;

import org.jspecify.annotations.NullMarked;

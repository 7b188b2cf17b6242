/**
 * Readiness gate for Kubernetes: counts the endpoints of the services of this pod, and
 * coordinates departures through a Lease.
 * <p>
 * Internal to the library: not part of its API, and may change in any release.
 */
@NullMarked
package io.github.eventloop.kubernetes.internal;

import org.jspecify.annotations.NullMarked;

package io.github.eventloop.kubernetes.internal;

/**
 * The pod that this instance runs in. Immutable.
 *
 * @param name the name of the pod
 * @param namespace the namespace of the pod
 * @param certain whether these are those of the pod without doubt, and not only the name
 * of the host or the namespace of a client, which may be different
 */
public record PodIdentity(String name, String namespace, boolean certain) {

}

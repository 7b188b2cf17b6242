package io.github.eventloop.autoconfigure;

/**
 * Marker for an application whose event loops decide whether it is in service. Without
 * it, trouble of the loops is reported, but nothing leaves service.
 *
 * @see OnServiceRole
 */
class ServiceRole {

}

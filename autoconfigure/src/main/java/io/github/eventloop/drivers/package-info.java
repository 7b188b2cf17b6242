/**
 * Event loops of drivers, which record themselves: one class for each driver. Knows no
 * Spring: an application that configures a driver without Spring Boot can use these
 * classes, too.
 */
@NullMarked
package io.github.eventloop.drivers;

import org.jspecify.annotations.NullMarked;

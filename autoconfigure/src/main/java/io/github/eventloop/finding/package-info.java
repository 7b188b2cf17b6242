/**
 * What is wrong with the event loops: ranked findings, each with its evidence and what to
 * do about it.
 */
@NullMarked
package io.github.eventloop.finding;

import org.jspecify.annotations.NullMarked;

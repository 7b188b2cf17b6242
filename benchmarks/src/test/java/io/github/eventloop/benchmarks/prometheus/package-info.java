/**
 * The meters in real tools: Prometheus, its rules, Grafana's dashboard, OTLP.
 */
@NullMarked
package io.github.eventloop.benchmarks.prometheus;

import org.jspecify.annotations.NullMarked;

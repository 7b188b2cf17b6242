package io.github.eventloop.actuate.internal;

import java.util.List;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import io.github.eventloop.jfr.internal.CaptureFile;

/**
 * Captures: flight recordings that were written to files.
 *
 * @param captures the captures, newest first
 */
public record CapturesDescriptor(List<CaptureFile> captures) implements OperationResponseBody {
}

package io.github.eventloop.actuate.internal;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import io.github.eventloop.stall.Drill;

/**
 * A drill that was started.
 *
 * @param loop the name of the loop that it stalls
 * @param kind what the loop does during the stall
 * @param millis the duration of the stall
 */
@JsonPropertyOrder({ "loop", "kind", "millis" })
public record DrillDescriptor(String loop, Drill.Kind kind, long millis) implements OperationResponseBody {

}

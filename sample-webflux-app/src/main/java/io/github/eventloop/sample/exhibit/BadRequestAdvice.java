package io.github.eventloop.sample.exhibit;

import org.springframework.beans.TypeMismatchException;
import org.springframework.core.MethodParameter;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.codec.DecodingException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.reactive.result.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebInputException;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;

/**
 * Adds the reason to the problem details of a bad request.
 */
@RestControllerAdvice
class BadRequestAdvice extends ResponseEntityExceptionHandler {

	@Override
	protected Mono<ResponseEntity<Object>> handleServerWebInputException(ServerWebInputException ex,
			HttpHeaders headers, HttpStatusCode status, ServerWebExchange exchange) {
		MethodParameter parameter = ex.getMethodParameter();
		if (ex.getCause() instanceof TypeMismatchException mismatch && parameter != null) {
			ex.setDetail("'%s' must be a whole number, but was '%s'".formatted(parameter.getParameterName(),
					mismatch.getValue()));
		}
		else if (NestedExceptionUtils.getRootCause(ex) instanceof JacksonException unreadable) {
			ex.setDetail("The body must be a JSON array of products: " + unreadable.getOriginalMessage());
		}
		else if (ex.getCause() instanceof DecodingException) {
			ex.setDetail("The body must be a JSON array of products: it is missing");
		}
		return super.handleServerWebInputException(ex, headers, status, exchange);
	}

}

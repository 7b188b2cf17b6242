package io.github.eventloop.autoconfigure;

import java.util.List;
import java.util.function.Predicate;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.http.server.PathContainer;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.pattern.PathPattern;

/**
 * What is answered however much a loop lags: some paths, and a management port as a
 * whole, whose server uses the application's filters, and its loops if it has none of its
 * own.
 */
final class NeverRefused implements Predicate<ServerWebExchange> {

	private final List<PathPattern> patterns;

	NeverRefused(List<PathPattern> patterns) {
		this.patterns = List.copyOf(patterns);
	}

	@Override
	public boolean test(ServerWebExchange exchange) {
		if (WebServerApplicationContext.hasServerNamespace(exchange.getApplicationContext(), "management")) {
			return true;
		}
		PathContainer path = exchange.getRequest().getPath().pathWithinApplication();
		for (PathPattern pattern : this.patterns) {
			if (pattern.matches(path)) {
				return true;
			}
		}
		return false;
	}

}

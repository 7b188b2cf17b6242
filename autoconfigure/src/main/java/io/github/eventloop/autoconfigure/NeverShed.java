package io.github.eventloop.autoconfigure;

import java.util.List;
import java.util.function.Predicate;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.http.server.PathContainer;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.pattern.PathPattern;

/**
 * Matches requests that are never shed, by path. A separate management port has paths of
 * its own: its server uses the filters of the application, and also its event loops
 * unless it has one of its own.
 */
final class NeverShed implements Predicate<ServerWebExchange> {

	private final List<PathPattern> application;

	private final List<PathPattern> management;

	NeverShed(List<PathPattern> application, List<PathPattern> management) {
		this.application = List.copyOf(application);
		this.management = List.copyOf(management);
	}

	@Override
	public boolean test(ServerWebExchange exchange) {
		boolean managed = WebServerApplicationContext.hasServerNamespace(exchange.getApplicationContext(),
				"management");
		PathContainer path = exchange.getRequest().getPath().pathWithinApplication();
		for (PathPattern pattern : managed ? this.management : this.application) {
			if (pattern.matches(path)) {
				return true;
			}
		}
		return false;
	}

}

package io.github.eventloop.autoconfigure;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/**
 * Where the page of the endpoint is, or which property exposes it.
 */
class PageLocation {

	private static final String EXPOSURE = "management.endpoints.web.exposure";

	private static final Bindable<List<String>> IDS = Bindable.listOf(String.class);

	private final ConfigurableApplicationContext context;

	private final ObjectProvider<PathMappedEndpoints> paths;

	PageLocation(ConfigurableApplicationContext context, ObjectProvider<PathMappedEndpoints> paths) {
		this.context = context;
		this.paths = paths;
	}

	/** Describe the location, for a log message. */
	String describe() {
		Environment environment = this.context.getEnvironment();
		String server = environment.getProperty("local.server.port");
		if (server == null) {
			return "no page: the application has no web server";
		}
		String management = environment.getProperty("local.management.port");
		if (management == null) {
			return "no page: management.server.port is negative";
		}
		String path = path();
		if (path == null) {
			return "no page: " + notExposed(Binder.get(environment));
		}
		return "page at " + (management.equals(server) ? url(environment, "server", server) + contextPath(environment)
				: url(environment, "management.server", management) + path(environment, "management.server.base-path"))
				+ path;
	}

	private @Nullable String path() {
		PathMappedEndpoints endpoints = this.paths.getIfAvailable();
		return (endpoints != null && (this.context.containsBean("eventLoopEndpointWebExtension")
				|| this.context.containsBean("eventLoopEndpointServletExtension")))
						? endpoints.getPath(EndpointFacts.ID) : null;
	}

	private static String url(Environment environment, String prefix, String port) {
		boolean ssl = environment.getProperty(prefix + ".ssl.enabled", Boolean.class, true)
				&& (environment.containsProperty(prefix + ".ssl.bundle")
						|| environment.containsProperty(prefix + ".ssl.key-store")
						|| environment.containsProperty(prefix + ".ssl.certificate"));
		String host = environment.getProperty(prefix + ".address", "localhost");
		return (ssl ? "https://" : "http://") + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
	}

	private String contextPath(Environment environment) {
		return this.context.containsBean("eventLoopEndpointServletExtension")
				? path(environment, "server.servlet.context-path") + path(environment, "spring.mvc.servlet.path")
				: path(environment, "spring.webflux.base-path");
	}

	private static String path(Environment environment, String property) {
		String path = environment.getProperty(property, "");
		return path.equals("/") ? "" : path;
	}

	private static String notExposed(Binder binder) {
		List<String> include = binder.bind(EXPOSURE + ".include", IDS).orElseGet(() -> List.of("health"));
		if (!include.contains("eventloop") && !include.contains("*")) {
			return "add eventloop to " + EXPOSURE + ".include, which is " + String.join(",", include);
		}
		List<String> exclude = binder.bind(EXPOSURE + ".exclude", IDS).orElseGet(List::of);
		if (exclude.contains("eventloop") || exclude.contains("*")) {
			return "remove eventloop from " + EXPOSURE + ".exclude, which is " + String.join(",", exclude);
		}
		return "the endpoint is not available, see management.endpoint.eventloop.access";
	}

}

package io.github.eventloop.autoconfigure;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.info.InfoEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.logging.LoggersEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextAutoConfiguration;
import org.springframework.boot.actuate.endpoint.web.EndpointLinksResolver;
import org.springframework.boot.actuate.endpoint.web.EndpointMapping;
import org.springframework.boot.actuate.endpoint.web.EndpointMediaTypes;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.reactor.netty.autoconfigure.actuate.web.server.NettyReactiveManagementContextAutoConfiguration;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.webflux.actuate.endpoint.web.WebFluxEndpointHandlerMapping;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.HttpHandlerConnector;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.server.ServerWebExchange;

import io.github.eventloop.actuate.internal.EndpointHandlerMapping;
import io.github.eventloop.actuate.internal.EndpointRequestsWebFilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link EventLoopHandlerMappingConfiguration} and
 * {@link EndpointHandlerMapping}.
 */
class EventLoopHandlerMappingConfigurationTests {

	private static final String SWITCH = "eventloop.management.match-base-path-first";

	private static final List<HttpMethod> METHODS = List.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST,
			HttpMethod.DELETE, HttpMethod.OPTIONS);

	private static final List<Map<String, String>> HEADERS = List.of(Map.of(), Map.of(HttpHeaders.ACCEPT, "text/plain"),
			Map.of(HttpHeaders.ACCEPT, "no media type"), Map.of(HttpHeaders.CONTENT_TYPE, "text/plain"),
			Map.of(HttpHeaders.ORIGIN, "https://shop.example"),
			Map.of(HttpHeaders.ORIGIN, "https://shop.example", HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD, "GET"),
			Map.of(HttpHeaders.ORIGIN, "https://shop.example", HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD, "DELETE"));

	private final ReactiveWebApplicationContextRunner contextRunner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PropertyPlaceholderAutoConfiguration.class,
				WebFluxAutoConfiguration.class, HttpHandlerAutoConfiguration.class, EndpointAutoConfiguration.class,
				WebEndpointAutoConfiguration.class, ManagementContextAutoConfiguration.class,
				NettyReactiveManagementContextAutoConfiguration.class, InfoEndpointAutoConfiguration.class,
				LoggersEndpointAutoConfiguration.class))
		.withUserConfiguration(ShopConfiguration.class)
		.withPropertyValues("management.endpoints.web.exposure.include=*",
				"management.endpoints.web.cors.allowed-origins=https://shop.example");

	@Test
	void runShouldReplaceTheMappingOfActuator() {
		this.contextRunner.run((context) -> assertThat(context).hasSingleBean(WebFluxEndpointHandlerMapping.class)
			.getBean("webEndpointReactiveHandlerMapping")
			.isInstanceOf(EndpointHandlerMapping.class)
			.isSameAs(context.getBean("eventLoopEndpointHandlerMapping")));
	}

	@ParameterizedTest
	@ValueSource(strings = { SWITCH + "=false", "eventloop.enabled=false", "management.server.port=0" })
	void runShouldLeaveTheMappingOfActuator(String property) {
		this.contextRunner.withPropertyValues(property)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(EndpointHandlerMapping.class));
	}

	@Test
	void runWhenUserHasMappingShouldBackOff() {
		this.contextRunner.withUserConfiguration(OwnMappingConfiguration.class)
			.run((context) -> assertThat(context).hasSingleBean(WebFluxEndpointHandlerMapping.class)
				.hasBean("ownMapping"));
	}

	@ParameterizedTest
	@CsvSource({ "/actuator, /actuator", "/, ''", "'', ''", "/manage/internal, /manage/internal",
			"/{tenant}/actuator, /one/actuator" })
	void shouldRespondAsActuatorDoes(String basePath, String requested) {
		assertSameResponses("management.endpoints.web.base-path=" + basePath, requested);
	}

	@ParameterizedTest
	@CsvSource({ "spring.webflux.base-path=/shop, /shop/actuator",
			"management.endpoints.web.discovery.enabled=false, /actuator",
			"management.endpoints.web.path-mapping.info=orders/info, /actuator/orders",
			"management.endpoints.access.default=READ_ONLY, /actuator" })
	void whenConfiguredShouldRespondAsActuatorDoes(String property, String requested) {
		assertSameResponses(property, requested);
	}

	@Test
	void eventLoopEndpointShouldRespondAsBehindItsFilter() {
		String basePath = "/manage/internal";
		List<String> paths = Stream
			.of("", "/", "/history", "/stalls", "/stalls/7", "/none", "/drill", "/loops/none", "/%68istory", ";v=1")
			.map((path) -> basePath + "/eventloop" + path)
			.toList();
		ReactiveWebApplicationContextRunner configured = this.contextRunner
			.withConfiguration(Library.autoConfigurations())
			.withPropertyValues("management.endpoints.web.base-path=" + basePath);
		configured.run((ours) -> {
			assertThat(ours).hasSingleBean(EndpointHandlerMapping.class)
				.doesNotHaveBean(EndpointRequestsWebFilter.class);
			configured.withPropertyValues(SWITCH + "=false").run((filtered) -> {
				assertThat(filtered).doesNotHaveBean(EndpointHandlerMapping.class)
					.hasSingleBean(EndpointRequestsWebFilter.class);
				assertSameResponses(client(ours), client(filtered), paths);
			});
		});
	}

	@Test
	void runWhenUserHasMappingShouldHaveTheFilterOfTheEventLoopEndpoint() {
		this.contextRunner.withConfiguration(Library.autoConfigurations())
			.withUserConfiguration(OwnMappingConfiguration.class)
			.run((context) -> assertThat(context).hasSingleBean(EndpointRequestsWebFilter.class));
	}

	private void assertSameResponses(String property, String basePath) {
		ReactiveWebApplicationContextRunner configured = this.contextRunner.withPropertyValues(property);
		configured.run((ours) -> {
			assertThat(ours).hasSingleBean(EndpointHandlerMapping.class);
			configured.withPropertyValues(SWITCH + "=false").run((actuators) -> {
				assertThat(actuators).doesNotHaveBean(EndpointHandlerMapping.class);
				assertSameResponses(client(ours), client(actuators), paths(basePath));
			});
		});
	}

	private static WebTestClient client(ApplicationContext context) {
		return WebTestClient.bindToServer(new HttpHandlerConnector(context.getBean(HttpHandler.class))).build();
	}

	private static void assertSameResponses(WebTestClient ours, WebTestClient actuators, List<String> paths) {
		List<String> statuses = new ArrayList<>();
		SoftAssertions responses = new SoftAssertions();
		for (String path : paths) {
			for (HttpMethod method : METHODS) {
				for (Map<String, String> headers : HEADERS) {
					String expected = response(actuators, method, path, headers);
					responses.assertThat(response(ours, method, path, headers))
						.as("%s %s with %s", method, path, headers)
						.isEqualTo(expected);
					statuses.add(expected.substring(0, 3));
				}
			}
		}
		responses.assertAll();
		assertThat(statuses).contains("200", "404", "405", "406");
	}

	/** Return paths inside and outside of base paths, some of them in other spellings. */
	private static List<String> paths(String basePath) {
		List<String> paths = new ArrayList<>(List.of("/", "/orders", "/orders/1", "/orders/info", "//actuator/info",
				"/actuatorx/info", "/Actuator/info", "/%61ctuator/info", "/actuator;v=1/info", "/actuator%2Finfo"));
		for (String path : List.of("", "/", "/info", "/info/", "/loggers", "/loggers/ROOT", "/none")) {
			paths.add(basePath + path);
			paths.add("/actuator" + path);
		}
		return paths.stream().filter((path) -> !path.isEmpty()).distinct().toList();
	}

	private static String response(WebTestClient client, HttpMethod method, String path, Map<String, String> headers) {
		EntityExchangeResult<String> result = client.method(method)
			.uri(URI.create("http://localhost" + path))
			.headers((all) -> headers.forEach(all::set))
			.exchange()
			.expectBody(String.class)
			.returnResult();
		Map<String, String> responseHeaders = new TreeMap<>(result.getResponseHeaders().toSingleValueMap());
		if (path.contains("/eventloop") && result.getStatus().is2xxSuccessful()) {
			// The figures differ.
			responseHeaders.remove(HttpHeaders.CONTENT_LENGTH);
			return result.getStatus() + " " + responseHeaders;
		}
		return result.getStatus() + " " + responseHeaders + " " + result.getResponseBody();
	}

	@Test
	void shouldNotReadMoreThanThePathOfRequestsOfTheApplication() {
		this.contextRunner.run((context) -> assertThat(
				context.getBean(WebFluxEndpointHandlerMapping.class).getHandler(pathOnly("/orders")).blockOptional())
			.isEmpty());
		this.contextRunner.withPropertyValues(SWITCH + "=false")
			.run((context) -> assertThatIllegalStateException().isThrownBy(
					() -> context.getBean(WebFluxEndpointHandlerMapping.class).getHandler(pathOnly("/orders")).block())
				.withMessage("read"));
	}

	/** Return an exchange whose request must not be asked for anything but its path. */
	private static ServerWebExchange pathOnly(String path) {
		ServerHttpRequest request = new ServerHttpRequestDecorator(MockServerHttpRequest.get(path).build()) {

			@Override
			public HttpMethod getMethod() {
				throw new IllegalStateException("read");
			}

			@Override
			public HttpHeaders getHeaders() {
				throw new IllegalStateException("read");
			}

		};
		return MockServerWebExchange.from(MockServerHttpRequest.get(path)).mutate().request(request).build();
	}

	@Test
	void whenMappingIsAddedOutsideOfTheBasePathShouldFindIt() {
		this.contextRunner.run((context) -> {
			WebFluxEndpointHandlerMapping mapping = context.getBean(WebFluxEndpointHandlerMapping.class);
			MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/added"));
			assertThat(mapping.getHandler(exchange).blockOptional()).isEmpty();
			mapping.registerMapping(RequestMappingInfo.paths("/added").build(), this,
					ReflectionUtils.findMethod(getClass(), "added"));
			assertThat(mapping.getHandler(exchange).blockOptional()).isPresent();
		});
	}

	String added() {
		return "added";
	}

	@Configuration(proxyBeanMethods = false)
	static class ShopConfiguration {

		@Bean
		RouterFunction<ServerResponse> orders() {
			return RouterFunctions.route().GET("/orders", (request) -> ServerResponse.ok().bodyValue("orders")).build();
		}

		@Bean
		OrderController orderController() {
			return new OrderController();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnMappingConfiguration {

		@Bean
		WebFluxEndpointHandlerMapping ownMapping(WebEndpointsSupplier endpoints, EndpointMediaTypes mediaTypes) {
			return new WebFluxEndpointHandlerMapping(new EndpointMapping("/own"), endpoints.getEndpoints(), mediaTypes,
					null, new EndpointLinksResolver(endpoints.getEndpoints()), true);
		}

	}

	@RestController
	static class OrderController {

		@GetMapping(path = "/orders/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
		String order() {
			return "{}";
		}

	}

}

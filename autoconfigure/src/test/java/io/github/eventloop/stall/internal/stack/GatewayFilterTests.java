package io.github.eventloop.stall.internal.stack;

import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GatewayFilter} with stacks as those of Spring Cloud Gateway 5.0.3.
 */
class GatewayFilterTests {

	private static final String ADAPTER = "org.springframework.cloud.gateway.handler.FilteringWebHandler$GatewayFilterAdapter";

	private static final String ORDERED = "org.springframework.cloud.gateway.filter.OrderedGatewayFilter";

	private static final String MODIFY = "org.springframework.cloud.gateway.filter.factory.rewrite.ModifyResponseBodyGatewayFilterFactory$ModifiedServerHttpResponse";

	@Test
	void filterOfAFactoryShouldHaveItsConfiguredName() {
		assertThat(nameIn("com.acme.Prices.convert", MODIFY + ".lambda$writeWith$0",
				"reactor.core.publisher.MonoFlatMap$FlatMapMain.onNext"))
			.isEqualTo("ModifyResponseBody");
		assertThat(nameIn("com.acme.AddPriceGatewayFilterFactory.lambda$apply$0", ORDERED + ".filter"))
			.isEqualTo("AddPrice");
	}

	@Test
	void filterOfTheApplicationShouldHaveTheNameOfItsClass() {
		assertThat(nameIn("java.lang.Thread.sleep", "com.acme.Audit.filter", ADAPTER + ".filter", ORDERED + ".filter"))
			.isEqualTo("Audit");
	}

	@Test
	void whenFiltersAreNestedShouldBeTheInnermost() {
		assertThat(nameIn("com.acme.Second.filter", ADAPTER + ".filter", ORDERED + ".filter",
				"com.acme.First.lambda$filter$0", ADAPTER + ".filter"))
			.isEqualTo("Second");
		assertThat(nameIn("io.netty.channel.AbstractChannel.write",
				"org.springframework.cloud.gateway.filter.NettyRoutingFilter.filter", ADAPTER + ".filter",
				ORDERED + ".filter"))
			.isEqualTo("NettyRoutingFilter");
	}

	@Test
	void whenNoFilterIsOnTheStackShouldReturnNull() {
		assertThat(nameIn()).isNull();
		assertThat(nameIn("java.lang.Thread.sleep", "com.acme.Shop.filter", ADAPTER + ".lambda$toString$0")).isNull();
		assertThat(nameIn(ADAPTER + ".filter", ORDERED + ".filter", "com.acme.GatewayFilterFactory.filter")).isNull();
	}

	private static String nameIn(String... frames) {
		return GatewayFilter.nameIn(Stream.of(frames).map(GatewayFilterTests::frame).toArray(StackTraceElement[]::new));
	}

	private static StackTraceElement frame(String name) {
		int method = name.lastIndexOf('.');
		return new StackTraceElement(name.substring(0, method), name.substring(method + 1), null, -1);
	}

}

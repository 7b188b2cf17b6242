package io.github.eventloop.blocking.internal;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JfrStream}.
 */
class JfrStreamTests {

	@ParameterizedTest
	@CsvSource({ "com.acme.Prices, Prices.java", "com.acme.Prices$Cache$Entry, Prices.java",
			"com.acme.Prices$$Lambda/0x0000000800c03000, Prices.java", "Prices, Prices.java",
			"com.acme.PricesKt, Prices.kt", "com.acme.PricesKt$load$1, Prices.kt", "com.acme.$Proxy12, $Proxy12.java" })
	void shouldDeriveTheSourceFileFromTheClassName(String className, String file) {
		assertThat(JfrStream.sourceFileOf(className)).isEqualTo(file);
	}

}

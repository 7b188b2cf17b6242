package io.github.eventloop.actuate.internal;

import java.io.IOException;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.annotation.ReflectiveRuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.beans.factory.aot.AotServices;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EndpointRuntimeHints}, as they are registered for AOT processing,
 * together with those that Spring registers for the operations of the endpoint.
 */
class EndpointRuntimeHintsTests {

	private static final String PAGE = "io/github/eventloop/actuate/internal/page/";

	private final RuntimeHints hints = new RuntimeHints();

	@BeforeEach
	void register() {
		AotServices.factories()
			.load(RuntimeHintsRegistrar.class)
			.stream()
			.filter(EndpointRuntimeHints.class::isInstance)
			.forEach((registrar) -> registrar.registerHints(this.hints, getClass().getClassLoader()));
		new ReflectiveRuntimeHintsRegistrar().registerRuntimeHints(this.hints, EventLoopEndpoint.class,
				EventLoopEndpointWebExtension.class, EventLoopEndpointJmxExtension.class);
	}

	@Test
	void nativeImageShouldHaveAllPartsOfThePage() throws IOException {
		Resource[] parts = new PathMatchingResourcePatternResolver().getResources("classpath:" + PAGE + "**/*.*");
		assertThat(parts).hasSizeGreaterThan(20).allSatisfy((part) -> {
			String name = part.getURL().toString();
			assertThat(RuntimeHintsPredicates.resource().forResource(name.substring(name.indexOf(PAGE))))
				.accepts(this.hints);
		});
	}

	@ParameterizedTest
	@MethodSource("responses")
	void nativeImageShouldBeAbleToWriteResponses(Class<?> response) {
		assertThat(Stream.of(response.getRecordComponents())).allSatisfy((component) -> assertThat(
				RuntimeHintsPredicates.reflection().onMethodInvocation(component.getAccessor()))
			.accepts(this.hints));
	}

	static Stream<Class<?>> responses() {
		return new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
			.importPackagesOf(EndpointRuntimeHints.class)
			.stream()
			.filter((type) -> type.isRecord() && type.getName().contains("Descriptor"))
			.map(JavaClass::reflect);
	}

	@ParameterizedTest
	@MethodSource("operations")
	void nativeImageShouldBeAbleToCallOperations(Class<?> endpoint) {
		assertThat(Stream.of(endpoint.getDeclaredMethods()).filter((method) -> method.getAnnotations().length > 0))
			.isNotEmpty()
			.allSatisfy((method) -> assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(method))
				.accepts(this.hints));
	}

	static Stream<Class<?>> operations() {
		return Stream.of(EventLoopEndpoint.class, EventLoopEndpointWebExtension.class,
				EventLoopEndpointJmxExtension.class);
	}

}

package io.github.eventloop.autoconfigure;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for all beans that the library contributes: none has a name that an application
 * may want to use, and each bean that backs off does so for a type that a user can
 * provide.
 */
class ContributedBeansTests {

	@Test
	void shouldFindTheBeans() {
		assertThat(beanMethods()).hasSizeGreaterThan(20);
	}

	@ParameterizedTest
	@MethodSource("beanMethods")
	void nameShouldHavePrefix(Method method) {
		MergedAnnotation<Bean> bean = MergedAnnotations.from(method).get(Bean.class);
		List<String> names = new ArrayList<>(List.of(bean.getStringArray("name")));
		if (names.isEmpty()) {
			names.add(method.getName());
		}
		// The name of the bean of Spring Boot that it replaces.
		names.remove("webEndpointReactiveHandlerMapping");
		assertThat(names).isNotEmpty().allMatch((name) -> name.startsWith("eventLoop"));
	}

	@ParameterizedTest
	@MethodSource("beanMethods")
	void whenBeanBacksOffShouldBackOffForATypeThatUsersCanProvide(Method method) {
		MergedAnnotation<ConditionalOnMissingBean> condition = MergedAnnotations.from(method)
			.get(ConditionalOnMissingBean.class);
		if (condition.isPresent()) {
			List<Class<?>> types = new ArrayList<>(List.of(condition.getClassArray("value")));
			if (types.isEmpty()) {
				types.add(method.getReturnType());
			}
			assertThat(types).allMatch((type) -> Modifier.isPublic(type.getModifiers()))
				.allMatch((type) -> type.isRecord() || !Modifier.isFinal(type.getModifiers()));
		}
	}

	static List<Method> beanMethods() {
		return Stream
			.concat(Library.classes().stream(),
					Stream.of(EventLoopManagementContextConfiguration.class, EventLoopHandlerMappingConfiguration.class,
							EventLoopEndpointFilterConfiguration.class, EventLoopServletEndpointConfiguration.class))
			.flatMap((type) -> Stream.concat(Stream.of(type), Arrays.stream(type.getDeclaredClasses())))
			.flatMap((type) -> Arrays.stream(type.getDeclaredMethods()))
			.filter((method) -> MergedAnnotations.from(method).isPresent(Bean.class))
			.toList();
	}

}

package io.github.eventloop.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Auto-configurations of the library, as Spring Boot finds them, so that new ones are
 * tested without being listed.
 */
final class Library {

	private Library() {
	}

	static List<Class<?>> classes() {
		List<Class<?>> classes = new ArrayList<>();
		for (String name : ImportCandidates.load(AutoConfiguration.class, null)) {
			if (name.startsWith("io.github.eventloop.")) {
				classes.add(ClassUtils.resolveClassName(name, null));
			}
		}
		assertThat(classes).hasSizeGreaterThan(3);
		return classes;
	}

	static AutoConfigurations autoConfigurations(Class<?>... excluded) {
		List<Class<?>> classes = classes();
		classes.removeAll(List.of(excluded));
		return AutoConfigurations.of(classes.toArray(Class<?>[]::new));
	}

}

package io.github.eventloop.junit;

import java.util.concurrent.Executors;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasOwner;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import org.jspecify.annotations.NullMarked;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the dependencies of the JUnit extension. {@code ArchitectureTests} tests those of
 * the packages that it depends on.
 */
@AnalyzeClasses(packages = "io.github.eventloop.junit", importOptions = ImportOption.DoNotIncludeTests.class)
class JunitArchitectureTests {

	private static final String ROOT = "io.github.eventloop.";

	@ArchTest
	final ArchRule junitDependsOnMeasurementOnly = ArchRuleDefinition.classes()
		.should()
		.onlyDependOnClassesThat()
		.resideInAnyPackage(ROOT + "junit..", ROOT + "blocking..", ROOT + "stall..", ROOT + "netty..",
				ROOT + "monitor..", "java..", "org.jspecify..", "org.junit.jupiter.api..",
				"org.junit.platform.commons..", "org.opentest4j..")
		.because("a test can be without Spring, Micrometer and Actuator, and only netty extends Netty");

	@ArchTest
	final ArchRule junitCreatesNoThreads = ArchRuleDefinition.noClasses()
		.should()
		.callConstructorWhere(JavaCall.Predicates
			.target(HasOwner.Predicates.With.owner(JavaClass.Predicates.assignableTo(Thread.class))))
		.orShould()
		.dependOnClassesThat()
		.areAssignableTo(Executors.class)
		.because("a thread inherits thread-local values and a class loader from the thread that creates it; those of "
				+ "the library inherit nothing");

	@ArchTest
	void packageShouldBeNullMarked(JavaClasses classes) {
		assertThat(classes).isNotEmpty().allMatch((type) -> type.getPackage().isAnnotatedWith(NullMarked.class));
	}

}

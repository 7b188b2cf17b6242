package io.github.eventloop;

import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.HasModifiers;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.jspecify.annotations.NullMarked;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * Tests the order of the packages, and the few rules that apply to all of them. A package
 * that does not exist yet violates no rule.
 */
@AnalyzeClasses(packages = "io.github.eventloop", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

	private static final String ROOT = "io.github.eventloop.";

	/**
	 * Packages, from top to bottom.
	 */
	private static final String[] LAYERS = { "autoconfigure", "actuate", "finding", "metrics", "kubernetes", "health",
			"shedding", "web", "jfr", "blocking", "stall", "drivers", "netty", "monitor" };

	@ArchTest
	final ArchRule classesLiveInOneOfTheLayers = ArchRuleDefinition.classes()
		.should()
		.resideInAnyPackage(packages(LAYERS))
		.because("the packages show what the library does, and a new one must be added to the order");

	@ArchTest
	void packagesDependOneWay(JavaClasses classes) {
		for (int i = 1; i < LAYERS.length; i++) {
			ArchRuleDefinition.noClasses()
				.that()
				.resideInAnyPackage(packages(LAYERS[i]))
				.should()
				.dependOnClassesThat()
				.resideInAnyPackage(packages(Arrays.copyOf(LAYERS, i)))
				.allowEmptyShould(true)
				.because("no package depends on those above it")
				.check(classes);
		}
	}

	@ArchTest
	final ArchRule nettyIsReadThroughMonitor = ArchRuleDefinition.noClasses()
		.that()
		.resideOutsideOfPackages(packages("autoconfigure", "drivers", "netty"))
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage(packages("netty"))
		.allowEmptyShould(true)
		.because(
				"netty feeds monitor, from which all other packages read; only autoconfigure and drivers install loops");

	@ArchTest
	final ArchRule junitIsForTests = ArchRuleDefinition.noClasses()
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.junit..", "org.opentest4j..")
		.because("an application runs without JUnit; what requires it belongs in the module 'test'");

	@ArchTest
	final ArchRule threadsInheritNothing = ArchRuleDefinition.noClasses()
		.should()
		.callConstructorWhere(DescribedPredicate.describe("inherits thread-local values",
				(JavaConstructorCall call) -> call.getTargetOwner().isEquivalentTo(Thread.class)
						&& call.getTarget().getRawParameterTypes().size() < 5))
		.orShould()
		.dependOnClassesThat()
		.areAssignableTo(Executors.class)
		.because("a thread inherits thread-local values and a class loader from the thread that creates it, "
				+ "unless it is created as in DaemonThread; those of loops are created as in Reactor Netty");

	@ArchTest
	void internalPackagesDependOneWay(JavaClasses classes) {
		for (String layer : LAYERS) {
			SlicesRuleDefinition.slices()
				.matching(ROOT + layer + ".internal.(*)")
				.should()
				.beFreeOfCycles()
				.allowEmptyShould(true)
				.check(classes);
		}
	}

	@ArchTest
	final ArchRule apiHidesInternalTypes = ArchRuleDefinition.codeUnits()
		.that()
		.areDeclaredInClassesThat()
		.resideOutsideOfPackages("..internal..", ROOT + "autoconfigure..")
		.and()
		.areDeclaredInClassesThat()
		.arePublic()
		.and(DescribedPredicate.or(HasModifiers.Predicates.modifier(JavaModifier.PUBLIC),
				HasModifiers.Predicates.modifier(JavaModifier.PROTECTED)))
		.should(mentionNoInternalType())
		.because("applications may use what is outside of the packages called 'internal', and nothing inside");

	@ArchTest
	final ArchRule monitorDependsOnTheJdkAndTheLogOnly = ArchRuleDefinition.classes()
		.that()
		.resideInAPackage(ROOT + "monitor..")
		.should()
		.onlyDependOnClassesThat()
		.resideInAnyPackage(ROOT + "monitor..", "java..", "javax..", "com.sun.management..", "jdk..", "org.jspecify..",
				"org.apache.commons.logging..")
		.allowEmptyShould(true)
		.because("measuring must be testable without Netty, Spring or a clock");

	@ArchTest
	final ArchRule nettyIsExtendedInOnePlace = ArchRuleDefinition.noClasses()
		.that()
		.resideOutsideOfPackages(packages("netty", "drivers", "autoconfigure"))
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("io.netty..", "reactor.netty..")
		.allowEmptyShould(true)
		.because("code that depends on Netty's internals belongs in one package");

	@ArchTest
	final ArchRule autoConfigurationOnlyPassesNettyTypesOn = ArchRuleDefinition.noClasses()
		.that()
		.resideInAPackage(ROOT + "autoconfigure..")
		.should()
		.dependOnClassesThat(JavaClass.Predicates.resideInAnyPackage("io.netty..", "reactor.netty..")
			.and(DescribedPredicate.not(HasName.Predicates.name("reactor.netty.resources.LoopResources")
				.or(HasName.Predicates.name("reactor.netty.http.server.HttpServer"))
				.or(HasName.Predicates.name("reactor.netty.http.client.HttpClient"))
				.or(HasName.Predicates.name("reactor.netty.transport.Transport"))
				.or(HasName.Predicates.name("reactor.netty.transport.TransportConfig"))
				.or(HasName.Predicates.name("reactor.netty.tcp.TcpResources"))
				.or(HasName.Predicates.name("reactor.netty.udp.UdpResources"))
				.or(HasName.Predicates.name("io.netty.channel.EventLoopGroup")))))
		.allowEmptyShould(true)
		.because("these types are used by Spring's hooks and by beans of users; anything more belongs in netty");

	@ArchTest
	final ArchRule springStaysAtTheEdge = ArchRuleDefinition.noClasses()
		.that()
		.resideOutsideOfPackages(packages("autoconfigure", "actuate", "metrics", "health", "shedding", "web"))
		.should()
		.dependOnClassesThat(JavaClass.Predicates.resideInAPackage("org.springframework..")
			.and(JavaClass.Predicates.resideOutsideOfPackage("org.springframework.asm..")))
		.because("all else can be used without it; its asm is a copy of ASM")
		.allowEmptyShould(true);

	@ArchTest
	final ArchRule micrometerStaysAtTheEdge = ArchRuleDefinition.noClasses()
		.that()
		.resideOutsideOfPackages(packages("autoconfigure", "metrics", "web"))
		.should()
		.dependOnClassesThat()
		.resideInAPackage("io.micrometer..")
		.allowEmptyShould(true);

	@ArchTest
	final ArchRule kubernetesStaysAtTheEdge = ArchRuleDefinition.noClasses()
		.that()
		.resideOutsideOfPackages(packages("autoconfigure", "kubernetes"))
		.should()
		.dependOnClassesThat()
		.resideInAPackage("io.fabric8..")
		.allowEmptyShould(true);

	@ArchTest
	final ArchRule driversStayAtTheEdge = ArchRuleDefinition.noClasses()
		.that()
		.resideOutsideOfPackages(packages("autoconfigure", "drivers"))
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("io.lettuce..", "io.grpc..", "com.mongodb..")
		.allowEmptyShould(true);

	@ArchTest
	final ArchRule webDependsOnObservationsOnly = ArchRuleDefinition.noClasses()
		.that()
		.resideInAPackage(ROOT + "web..")
		.should()
		.dependOnClassesThat(JavaClass.Predicates.resideInAPackage("io.micrometer..")
			.and(DescribedPredicate.not(
					JavaClass.Predicates.resideInAnyPackage("io.micrometer.observation..", "io.micrometer.tracing.."))))
		.allowEmptyShould(true)
		.because("a request's trace is reached through its observation, and metrics belong in the metrics package");

	@ArchTest
	final ArchRule autoConfigurationsAreFinal = ArchRuleDefinition.classes()
		.that()
		.areAnnotatedWith(AutoConfiguration.class)
		.should()
		.bePublic()
		.andShould()
		.haveModifier(JavaModifier.FINAL)
		.andShould()
		.haveSimpleNameEndingWith("AutoConfiguration")
		.allowEmptyShould(true);

	@ArchTest
	final ArchRule autoConfigurationsHaveNoPublicMethods = ArchRuleDefinition.methods()
		.that()
		.areDeclaredInClassesThat()
		.areAnnotatedWith(AutoConfiguration.class)
		.or()
		.areAnnotatedWith(Bean.class)
		.should()
		.notBePublic()
		.allowEmptyShould(true)
		.because("beans are the interface, not the methods that create them");

	@ArchTest
	final ArchRule postProcessorsAreCreatedByStaticMethods = ArchRuleDefinition.methods()
		.that()
		.areAnnotatedWith(Bean.class)
		.and()
		.haveRawReturnType(JavaClass.Predicates.assignableTo(BeanPostProcessor.class)
			.or(JavaClass.Predicates.assignableTo(BeanFactoryPostProcessor.class)))
		.should()
		.beStatic()
		.allowEmptyShould(true)
		.because("otherwise their configuration class is created before everything else");

	@ArchTest
	final ArchRule logsAreWrittenWithCommonsLogging = ArchRuleDefinition.noClasses()
		.that()
		.doNotHaveFullyQualifiedName(ROOT + "stall.internal.log.LogSink$Slf4j")
		.should()
		.dependOnClassesThat(JavaClass.Predicates.resideInAnyPackage("org.slf4j..", "java.util.logging..")
			.or(JavaClass.Predicates.belongToAnyOf(System.Logger.class)))
		.because("Spring writes its logs with it; only key-value pairs require SLF4J");

	@ArchTest
	final ArchRule packagesAreNullMarked = ArchRuleDefinition.classes().should(resideInANullMarkedPackage());

	private static String[] packages(String... layers) {
		String[] packages = new String[layers.length];
		for (int i = 0; i < layers.length; i++) {
			packages[i] = ROOT + layers[i] + "..";
		}
		return packages;
	}

	private static ArchCondition<JavaCodeUnit> mentionNoInternalType() {
		return new ArchCondition<>("mention no internal type") {

			@Override
			public void check(JavaCodeUnit codeUnit, ConditionEvents events) {
				Stream.concat(Stream.of(codeUnit.getRawReturnType()), codeUnit.getRawParameterTypes().stream())
					.filter(JavaClass.Predicates.resideInAPackage("..eventloop..internal.."))
					.forEach((type) -> events.add(SimpleConditionEvent.violated(codeUnit,
							codeUnit.getFullName() + " mentions " + type.getName())));
			}

		};
	}

	private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
		return new ArchCondition<>("reside in a package annotated with @NullMarked") {

			@Override
			public void check(JavaClass javaClass, ConditionEvents events) {
				boolean satisfied = javaClass.getPackage().isAnnotatedWith(NullMarked.class);
				events.add(new SimpleConditionEvent(javaClass, satisfied, "The package-info.java of "
						+ javaClass.getPackageName() + " is missing or lacks @NullMarked: " + javaClass.getName()));
			}

		};
	}

}

package io.github.eventloop.autoconfigure;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.netty.MonitoredLoopResources;
import io.github.eventloop.stall.Culprit;
import io.github.eventloop.stall.EventLoopStallEvent;
import io.github.eventloop.stall.StackReader;
import io.github.eventloop.stall.StallDetector;
import io.github.eventloop.stall.StallSettings;
import io.github.eventloop.stall.internal.log.StallNotifier;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EventLoopStallAutoConfiguration}.
 */
@ExtendWith(OutputCaptureExtension.class)
class EventLoopStallAutoConfigurationTests {

	private static final StackTraceElement LIBRARY = new StackTraceElement("com.lib.Codec", "encode", "Codec.java", 1);

	private static final StackTraceElement OWN = new StackTraceElement("com.acme.Prices", "load", "Prices.java", 2);

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EventLoopStallAutoConfiguration.class))
		.withUserConfiguration(Properties.class);

	@Test
	void whenThereIsNoMonitorShouldBackOff() {
		this.contextRunner.run((context) -> assertThat(context).doesNotHaveBean(StallDetector.class));
	}

	@Test
	void whenThereIsAMonitorShouldDetectStalls() {
		withMonitor().run((context) -> assertThat(context).hasSingleBean(StallDetector.class)
			.hasSingleBean(StackReader.class)
			.hasSingleBean(StallNotifier.class));
	}

	@Test
	void whenOptionalDependenciesAreMissingShouldDetectStalls() {
		withMonitor()
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate", "reactor", "io.micrometer",
					"org.slf4j"))
			.run((context) -> assertThat(context).hasSingleBean(StallDetector.class));
	}

	@Test
	void whenInitializationIsLazyShouldStillDetectStalls() {
		withMonitor()
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> assertThat(context.getBeanFactory().containsSingleton("eventLoopStallDetector"))
				.isTrue());
	}

	@Test
	void culpritShouldBeInTheAutoConfigurationPackages() {
		withMonitor().withUserConfiguration(AcmeApplication.class)
			.run((context) -> assertThat(context.getBean(StackReader.class).culpritOf(LIBRARY, OWN))
				.extracting(Culprit::className)
				.isEqualTo("com.acme.Prices"));
	}

	@Test
	void whenThereAreNoPackagesCulpritShouldBeTheInnermostLibrary() {
		withMonitor().run((context) -> assertThat(context.getBean(StackReader.class).culpritOf(LIBRARY, OWN))
			.extracting(Culprit::className)
			.isEqualTo("com.lib.Codec"));
	}

	@Test
	void culpritShouldBeInTheConfiguredPackages() {
		withMonitor().withUserConfiguration(AcmeApplication.class)
			.withPropertyValues("eventloop.stall.application-packages=com.lib,com.other")
			.run((context) -> assertThat(context.getBean(StackReader.class).culpritOf(OWN, LIBRARY))
				.extracting(Culprit::className)
				.isEqualTo("com.lib.Codec"));
	}

	@Test
	void shouldUseAllProperties() {
		withMonitor().withPropertyValues("eventloop.stall.sample-interval=33ms", "eventloop.stall.log-interval=3m")
			.run((context) -> assertThat(context.getBean(StallDetector.class).settings())
				.isEqualTo(new StallSettings(Duration.ofMillis(33), Duration.ofMinutes(3))));
	}

	@Test
	void defaultsShouldBeThoseOfTheSettings() {
		assertThat(new EventLoopProperties().toStallSettings()).isEqualTo(StallSettings.DEFAULT);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
	// @formatter:off
			"sample-interval | 0ms | 0s  | must be from 1ms to 10s",
			"sample-interval | 11s | 11s | must be from 1ms to 10s",
			"log-interval    | -1s | -1s | must be 0 or from 1s to 86400s",
			"log-interval    | 25h | 90000s | must be 0 or from 1s to 86400s"
	// @formatter:on
	})
	void whenPropertyIsInvalidShouldFailToStart(String property, String value, String shown, String rule) {
		withMonitor().withPropertyValues("eventloop.stall." + property + "=" + value).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(context.getStartupFailure()).rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, (ex) -> {
					assertThat(ex.getName()).isEqualTo("eventloop.stall." + property);
					assertThat(ex.getValue()).isEqualTo(shown);
					assertThat(ex.getReason()).isEqualTo(rule);
				});
		});
	}

	@Test
	void whenLoopStallsShouldLogAndPublishWhateverListenersDo(CapturedOutput output) {
		MonitoredLoopResources loops = MonitoredLoopResources.builder("stalling").selectCount(1).workerCount(1).build();
		loops.onServer(true).next().execute(() -> {
		});
		try {
			withMonitor().withUserConfiguration(Listener.class)
				.withPropertyValues("eventloop.stall.application-packages=" + getClass().getPackageName())
				.run((context) -> {
					EventLoopMonitor monitor = context.getBean(EventLoopMonitor.class);
					monitor.addSource(loops);
					monitor.start();
					MonitoredLoop loop = loops.loops().get(0);
					loop.execute(EventLoopStallAutoConfigurationTests::sleep);
					Listener listener = context.getBean(Listener.class);
					EventLoopStallEvent first = listener.events.poll(60, TimeUnit.SECONDS);
					assertThat(first.stall().culprit().methodName()).isEqualTo("sleep");
					assertThat(first.stall().inProgress()).isFalse();
					// The listener has not returned, and will throw when it does.
					loop.execute(EventLoopStallAutoConfigurationTests::sleep);
					StallDetector detector = context.getBean(StallDetector.class);
					Awaitility.await()
						.atMost(Duration.ofSeconds(60))
						.until(() -> detector.hotspots().stream().mapToLong((hotspot) -> hotspot.count()).sum() == 2);
					listener.proceed.countDown();
					assertThat(listener.events.poll(60, TimeUnit.SECONDS)).isNotNull();
					assertThat(listener.threads).allMatch((name) -> name.equals("eventloop-stall-events"));
				});
		}
		finally {
			loops.dispose();
		}
		assertThat(output).contains("Event loop stalling-")
			.contains(" by SLEEPING at " + getClass().getName() + ".sleep(");
	}

	private static void sleep() {
		try {
			TimeUnit.MILLISECONDS.sleep(200);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private ApplicationContextRunner withMonitor() {
		return this.contextRunner.withBean(EventLoopMonitor.class, () -> new EventLoopMonitor(MonitorSettings.DEFAULT));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(EventLoopProperties.class)
	static class Properties {

	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage(basePackages = "com.acme")
	static class AcmeApplication {

	}

	@Configuration(proxyBeanMethods = false)
	static class Listener {

		private final BlockingQueue<EventLoopStallEvent> events = new LinkedBlockingQueue<>();

		private final BlockingQueue<String> threads = new LinkedBlockingQueue<>();

		private final CountDownLatch proceed = new CountDownLatch(1);

		@EventListener
		void onStall(EventLoopStallEvent event) throws InterruptedException {
			this.events.add(event);
			this.threads.add(Thread.currentThread().getName());
			this.proceed.await();
			throw new IllegalStateException("expected by the test");
		}

	}

}

package io.github.eventloop.autoconfigure;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.InvalidSettingException;
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
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the detection of stalls by {@link EventLoopAutoConfiguration}.
 */
@ExtendWith(OutputCaptureExtension.class)
class StallConfigurationTests {

	private static final StackTraceElement LIBRARY = new StackTraceElement("com.lib.Codec", "encode", "Codec.java", 1);

	private static final StackTraceElement OWN = new StackTraceElement("com.acme.Prices", "load", "Prices.java", 2);

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EventLoopAutoConfiguration.class));

	@Test
	void whenMonitoringIsDisabledShouldBackOff() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(EventLoopAutoConfiguration.class))
			.withPropertyValues("eventloop.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(StallDetector.class));
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
	void shouldUseTheDefaultSettings() {
		withMonitor().run((context) -> assertThat(context.getBean(StallDetector.class).settings())
			.isEqualTo(StallSettings.DEFAULT));
	}

	@Test
	void whenUserHasSettingsShouldUseThem() {
		StallSettings settings = new StallSettings(Duration.ofMillis(33), Duration.ofMinutes(3));
		withMonitor().withBean(StallSettings.class, () -> settings)
			.run((context) -> assertThat(context.getBean(StallDetector.class).settings()).isSameAs(settings));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', value = {
	// @formatter:off
			"PT0S   | PT1M   | 'sampleInterval' must be from 1ms to 10s but is 0s",
			"PT11S  | PT1M   | 'sampleInterval' must be from 1ms to 10s but is 11s",
			"PT0.1S | PT-1S  | 'logInterval' must be 0 or from 1s to 86400s but is -1s",
			"PT0.1S | PT25H  | 'logInterval' must be 0 or from 1s to 86400s but is 90000s"
	// @formatter:on
	})
	void whenSettingIsInvalidShouldNameItAndTheRule(Duration sampleInterval, Duration logInterval, String message) {
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> new StallSettings(sampleInterval, logInterval))
			.withMessage(message);
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
					StallDetector detector = context.getBean(StallDetector.class);
					stall(loop, detector);
					Listener listener = context.getBean(Listener.class);
					EventLoopStallEvent first = listener.events.poll(60, TimeUnit.SECONDS);
					assertThat(first.stall().code().culprit().methodName()).isEqualTo("sleep");
					// The listener has not returned, and will throw when it does.
					stall(loop, detector);
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

	/** Stall the loop until its stack has been sampled, however busy the machine is. */
	private static void stall(MonitoredLoop loop, StallDetector detector) {
		AtomicReference<Thread> thread = new AtomicReference<>();
		loop.execute(() -> {
			thread.set(Thread.currentThread());
			sleep();
		});
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> detector.stalls()
				.stream()
				.anyMatch((stall) -> stall.inProgress() && stall.code().culprit() != null));
		thread.get().interrupt();
	}

	private static void sleep() {
		try {
			TimeUnit.MINUTES.sleep(2);
		}
		catch (InterruptedException ex) {
			// The stall has been sampled.
		}
	}

	private ApplicationContextRunner withMonitor() {
		return this.contextRunner.withBean(EventLoopMonitor.class, () -> new EventLoopMonitor(MonitorSettings.DEFAULT));
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
			if (event.stall().inProgress()) {
				return;
			}
			this.events.add(event);
			this.threads.add(Thread.currentThread().getName());
			this.proceed.await();
			throw new IllegalStateException("expected by the test");
		}

	}

}

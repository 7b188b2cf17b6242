package io.github.eventloop.autoconfigure;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.health.application.LivenessStateHealthIndicator;
import org.springframework.boot.health.application.ReadinessStateHealthIndicator;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.health.registry.ReactiveHealthContributorRegistry;
import reactor.core.publisher.Mono;

/**
 * Registers Spring Boot's own indicators of the readiness and liveness probes as reactive
 * ones, too. Spring Boot calls indicators that are not reactive on the
 * {@code boundedElastic} scheduler, so that a probe gets no response while that scheduler
 * is exhausted. These two indicators only read a field.
 */
class ProbeContributors implements SmartInitializingSingleton {

	private final HealthContributorRegistry registry;

	private final ReactiveHealthContributorRegistry reactive;

	ProbeContributors(HealthContributorRegistry registry, ReactiveHealthContributorRegistry reactive) {
		this.registry = registry;
		this.reactive = reactive;
	}

	@Override
	public void afterSingletonsInstantiated() {
		for (HealthContributors.Entry entry : this.registry.stream().toList()) {
			if (isOfSpringBoot(entry.contributor()) && this.reactive.getContributor(entry.name()) == null) {
				HealthIndicator indicator = (HealthIndicator) entry.contributor();
				ReactiveHealthIndicator reactive = () -> Mono.fromSupplier(indicator::health);
				this.reactive.registerContributor(entry.name(), reactive);
			}
		}
	}

	/** Exclude subclasses, which may block. */
	private static boolean isOfSpringBoot(HealthContributor contributor) {
		return contributor.getClass() == ReadinessStateHealthIndicator.class
				|| contributor.getClass() == LivenessStateHealthIndicator.class;
	}

}

package io.github.eventloop.shedding.internal;

import java.time.Duration;

import io.github.eventloop.monitor.LoopReading;
import io.github.eventloop.shedding.AdaptiveSheddingPolicy;
import io.github.eventloop.shedding.LagSheddingPolicy;
import io.github.eventloop.shedding.RequestPriority;
import io.github.eventloop.shedding.SheddingPolicy;

/**
 * Policies that the {@link SheddingSimulation} compares.
 */
enum SimulatedPolicy {

	/** No request is shed. */
	NONE("none"),

	/** The {@link LagSheddingPolicy} with its defaults. */
	FIXED("fixed bounds"),

	/**
	 * All requests if the mean lag of the last second was above 50 ms, as in
	 * {@code @fastify/under-pressure}.
	 */
	ON_OFF("on/off"),

	/**
	 * In proportion to the excess of a smoothed lag over 70 ms, twice a second, as in
	 * {@code toobusy-js}.
	 */
	SMOOTHED("smoothed"),

	/** The {@link AdaptiveSheddingPolicy} with its defaults. */
	ADAPTIVE("adaptive");

	private final String title;

	SimulatedPolicy(String title) {
		this.title = title;
	}

	String title() {
		return this.title;
	}

	Decision create(SheddingSimulation simulation) {
		return switch (this) {
			case NONE -> (lagNanos) -> 0;
			case FIXED -> of(LagSheddingPolicy.DEFAULT, simulation);
			case ON_OFF -> new OnOff(simulation);
			case SMOOTHED -> new Smoothed(simulation);
			case ADAPTIVE ->
				of(new AdaptiveSheddingPolicy(LagSheddingPolicy.DEFAULT, simulation::pausedNanos), simulation);
		};
	}

	private static Decision of(SheddingPolicy policy, SheddingSimulation simulation) {
		return (lagNanos) -> policy.shareToShed(simulation.loop(), lagNanos, RequestPriority.NORMAL);
	}

	/**
	 * Decides which share of requests is shed.
	 */
	@FunctionalInterface
	interface Decision {

		double shareToShed(long lagNanos);

		default void onHalfSecond() {
		}

	}

	private static final class OnOff implements Decision {

		private static final double MAX_NANOS = Duration.ofMillis(50).toNanos();

		private final MeanLag lag;

		private boolean lagging;

		private int halfSeconds;

		OnOff(SheddingSimulation simulation) {
			this.lag = new MeanLag(simulation);
		}

		@Override
		public void onHalfSecond() {
			if (++this.halfSeconds % 2 == 0) {
				this.lagging = this.lag.nanosSinceLastCall() > MAX_NANOS;
			}
		}

		@Override
		public double shareToShed(long lagNanos) {
			return this.lagging ? 1 : 0;
		}

	}

	private static final class Smoothed implements Decision {

		private static final double THRESHOLD_NANOS = Duration.ofMillis(70).toNanos();

		private final MeanLag lag;

		private double smoothedNanos;

		Smoothed(SheddingSimulation simulation) {
			this.lag = new MeanLag(simulation);
		}

		@Override
		public void onHalfSecond() {
			this.smoothedNanos = (2 * this.smoothedNanos + this.lag.nanosSinceLastCall()) / 3;
		}

		@Override
		public double shareToShed(long lagNanos) {
			return (this.smoothedNanos - THRESHOLD_NANOS) / THRESHOLD_NANOS;
		}

	}

	private static final class MeanLag {

		private final SheddingSimulation simulation;

		private LoopReading last;

		private double nanos;

		MeanLag(SheddingSimulation simulation) {
			this.simulation = simulation;
			this.last = simulation.loop().view().read();
		}

		double nanosSinceLastCall() {
			LoopReading reading = this.simulation.loop().view().read();
			// The simulated time passes in leaps of a request or a pause.
			if (reading.at() > this.last.at()) {
				this.nanos = (reading.lagArea() - this.last.lagArea()) / (reading.at() - this.last.at());
				this.last = reading;
			}
			return this.nanos;
		}

	}

}

package io.github.eventloop.autoconfigure;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.core.env.Environment;

import io.github.eventloop.actuate.internal.UnmeasuredLoops;
import io.github.eventloop.finding.ProcessFacts;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.stall.ExhaustedPools;

/**
 * {@link Supplier} of the facts about this process. Beans are resolved when it is called,
 * because they may be defined by later auto-configurations.
 *
 * @param monitor the monitor of the loops
 * @param pools the connection pools
 * @param workers the waits for threads of schedulers
 * @param environment the environment
 */
record ProcessFactsReader(EventLoopMonitor monitor, ObjectProvider<ExhaustedPools> pools,
		ObjectProvider<WorkerWaits> workers, Environment environment) implements Supplier<ProcessFacts> {

	@Override
	public ProcessFacts get() {
		List<ExhaustedPools> readable = this.pools.orderedStream().toList();
		Set<String> measured = this.monitor.snapshot()
			.loops()
			.stream()
			.map(LoopSnapshot::name)
			.collect(Collectors.toSet());
		WorkerWaits waits = this.workers.getIfAvailable();
		return new ProcessFacts(Runtime.getRuntime().availableProcessors(),
				Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime()), isProbedOnApplicationPort(),
				(waits != null) ? waits.read() : null,
				readable.isEmpty() ? null
						: readable.stream().flatMap((each) -> each.describe().stream()).distinct().toList(),
				UnmeasuredLoops.states(measured));
	}

	private boolean isProbedOnApplicationPort() {
		return CloudPlatform.getActive(this.environment) == CloudPlatform.KUBERNETES
				&& ManagementPortType.get(this.environment) == ManagementPortType.SAME;
	}

}

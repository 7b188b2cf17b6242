package io.github.eventloop.benchmarks;

import java.time.Duration;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.netty4.NettyEventExecutorMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.AutoScalingEventExecutorChooserFactory;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ThreadPerTaskExecutor;

import io.github.eventloop.benchmarks.Peer.PeerDisturbance;
import io.github.eventloop.monitor.EventLoopMonitor;
import io.github.eventloop.monitor.EventLoopSnapshot;
import io.github.eventloop.monitor.LoopSnapshot;
import io.github.eventloop.monitor.MonitorSettings;
import io.github.eventloop.netty.Placement;
import io.github.eventloop.netty.internal.GlobalLoopResources;

/**
 * A Netty event loop that is disturbed once, while another thread reads what a tool
 * reports of it.
 */
public final class NettyPeer {

	private static final Duration REST = Duration.ofSeconds(3);

	private static final Duration REPORT = Duration.ofSeconds(1);

	private static final double NANOS_PER_MILLI = 1e6;

	private NettyPeer() {
	}

	/** Arguments are the tool and the disturbance. */
	public static void main(String[] arguments) {
		PeerDisturbance disturbance = PeerDisturbance.valueOf(arguments[1].toUpperCase(Locale.ROOT).replace('-', '_'));
		Peer peer = switch (arguments[0]) {
			case "eventloop" -> eventLoop();
			case "utilization" -> utilization();
			case "pending" -> pending();
			case "probe" -> probe();
			default -> throw new IllegalArgumentException("Unknown peer " + arguments[0]);
		};
		peer.loop.execute(() -> {
		});
		Pause.of(REST);
		disturbance.begin(peer.loop);
		Pause.of(Duration.ofMillis(disturbance.millis() / 2));
		String during = (disturbance != PeerDisturbance.PAUSE) ? peer.reading.get() : "";
		Pause.of(Duration.ofMillis(disturbance.millis() / 2).plus(REPORT));
		System.out.println("{\"during\":\"%s\",\"after\":\"%s\"}".formatted(during, peer.reading.get()));
		System.exit(0);
	}

	private static Peer eventLoop() {
		EventLoop loop = GlobalLoopResources.install(false, Placement.ROUND_ROBIN).onServer(false).next();
		EventLoopMonitor monitor = new EventLoopMonitor(MonitorSettings.DEFAULT);
		monitor.addSource(GlobalLoopResources::loops);
		monitor.start();
		return new Peer(loop, () -> describe(monitor.snapshot()));
	}

	private static String describe(EventLoopSnapshot snapshot) {
		LoopSnapshot loop = snapshot.loops().get(0);
		String now = (loop.busyNanos() > 0) ? loop.state() + " for " + millis(loop.busyNanos()) + ", " : "";
		String pause = (snapshot.pause().totalNanos() > 0) ? ", pause " + millis(snapshot.pause().maxNanos()) : "";
		return "%slag p99 %s, max %s, utilization %s%s".formatted(now, millis(loop.lag().p99Nanos()),
				millis(loop.lag().maxNanos()), share(loop.utilization()), pause);
	}

	/** Configured never to suspend a loop, because there is only one. */
	private static Peer utilization() {
		MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1,
				new ThreadPerTaskExecutor(new DefaultThreadFactory("netty", true)),
				new AutoScalingEventExecutorChooserFactory(1, 1, 1, TimeUnit.SECONDS, 0, 1, 1, 1, 1),
				NioIoHandler.newFactory());
		return new Peer(group.next(), () -> share(group.executorUtilizations().get(0).utilization()));
	}

	private static Peer pending() {
		MultiThreadIoEventLoopGroup group = stock();
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		new NettyEventExecutorMetrics(group).bindTo(registry);
		Gauge gauge = registry.get("netty.eventexecutor.tasks.pending").gauge();
		return new Peer(group.next(), () -> String.format(Locale.ROOT, "%.0f", gauge.value()));
	}

	/** The task runs once more for each period that it missed. */
	@SuppressWarnings("FutureReturnValueIgnored") // it ends with the process
	private static Peer probe() {
		EventLoop loop = stock().next();
		LongSummaryStatistics lateness = new LongSummaryStatistics();
		long period = TimeUnit.MILLISECONDS.toNanos(20);
		long[] due = { System.nanoTime() + period };
		loop.scheduleAtFixedRate(() -> {
			synchronized (lateness) {
				lateness.accept(Math.max(0, System.nanoTime() - due[0]));
				due[0] += period;
			}
		}, period, period, TimeUnit.NANOSECONDS);
		return new Peer(loop, () -> {
			synchronized (lateness) {
				return "mean %s, max %s".formatted(millis(lateness.getAverage()), millis(lateness.getMax()));
			}
		});
	}

	private static MultiThreadIoEventLoopGroup stock() {
		return new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("netty", true), NioIoHandler.newFactory());
	}

	private static String millis(double nanos) {
		double millis = nanos / NANOS_PER_MILLI;
		return String.format(Locale.ROOT, (millis < 9.95) ? "%.1f ms" : "%.0f ms", millis);
	}

	private static String share(double share) {
		return String.format(Locale.ROOT, "%.2f", share);
	}

	/** A loop and the reading of the tool that monitors it. */
	private record Peer(EventLoop loop, Supplier<String> reading) {
	}

}

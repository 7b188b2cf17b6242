package io.github.eventloop.drivers;

import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;
import reactor.netty.ReactorNetty;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpResources;
import reactor.netty.udp.UdpResources;

import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.netty.MonitoredLoopResources;

/**
 * Monitored event loops for Reactor Netty's global {@link TcpResources} and
 * {@link UdpResources}, which all clients and servers of a JVM share that are based on
 * {@code TcpClient.create()}, {@code TcpServer.create()} and their UDP counterparts:
 * R2DBC drivers, RSocket, and others. Thread-safe.
 *
 * @since 0.1.0
 */
public final class GlobalTcpLoops {

	/**
	 * The most recently installed resources. Volatile: read by any thread, written under
	 * the lock of this class.
	 */
	private static volatile @Nullable MonitoredLoopResources tcp;

	/** As {@link #tcp}. */
	private static volatile @Nullable MonitoredLoopResources udp;

	private GlobalTcpLoops() {
	}

	/**
	 * Make the global resources use monitored loops, unless they already do. Starts no
	 * loop. Must be called before the resources are used: Reactor Netty shuts down the
	 * loops that it used before, and logs that it replaces them. Nobody disposes of the
	 * loops, as nobody disposes of those that Reactor Netty creates by default.
	 * @param component the name of what uses TCP, such as {@code r2dbc}
	 * @param counted whether the loops count in the lag, the utilization and the status
	 * of the application; ignored, as the component is, if the loops were installed
	 * before
	 */
	public static synchronized void install(String component, boolean counted) {
		MonitoredLoopResources currentTcp = tcp;
		if (currentTcp == null || currentTcp.isDisposed()) {
			currentTcp = MonitoredLoopResources.builder("reactor-tcp").forDriver(component, counted).build();
			TcpResources.set((LoopResources) currentTcp);
			tcp = currentTcp;
		}
		MonitoredLoopResources currentUdp = udp;
		if (currentUdp == null || currentUdp.isDisposed()) {
			currentUdp = MonitoredLoopResources.builder("udp")
				.workerCount(udpThreads())
				.selectCount(-1)
				.forDriver("udp", counted)
				.build();
			UdpResources.set(currentUdp);
			udp = currentUdp;
		}
	}

	/** Return the number of loops that Reactor Netty's own resources have. */
	private static int udpThreads() {
		return Integer.parseInt(
				System.getProperty(ReactorNetty.UDP_IO_THREAD_COUNT, String.valueOf(Schedulers.DEFAULT_POOL_SIZE)));
	}

	/**
	 * Return the loops that are installed.
	 * @return the loops, empty if they are not installed or have not been used
	 */
	public static List<MonitoredLoop> loops() {
		return Stream.of(loops(tcp), loops(udp)).flatMap(List::stream).toList();
	}

	private static List<MonitoredLoop> loops(@Nullable MonitoredLoopResources resources) {
		return (resources != null && !resources.isExhausted()) ? resources.loops() : List.of();
	}

}

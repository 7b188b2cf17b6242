package io.github.eventloop.netty.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;

import io.github.eventloop.monitor.MonitoredLoop;

/**
 * Order of loops by the numbers of their threads.
 */
public final class LoopOrder {

	private LoopOrder() {
	}

	/**
	 * Return the loops of groups in the order of their numbers. Loops that have not
	 * started come last, with the numbers that their threads get if they start in this
	 * order.
	 * @param groups groups of monitored loops
	 * @param threads the number of threads that the groups have started
	 * @return the loops
	 */
	public static List<MonitoredLoop> byNumber(List<EventLoopGroup> groups, AtomicLong threads) {
		List<MonitoredEventLoop> loops = new ArrayList<>();
		// Kept apart, since a loop that starts during the sort would break the ordering.
		List<MonitoredEventLoop> notStarted = new ArrayList<>();
		boolean ordered = true;
		long last = 0;
		for (EventLoopGroup group : groups) {
			for (EventExecutor executor : group) {
				MonitoredEventLoop loop = (MonitoredEventLoop) executor;
				long number = loop.number();
				if (number == MonitoredEventLoop.NO_NUMBER) {
					notStarted.add(loop);
				}
				else {
					loops.add(loop);
					ordered &= number > last;
					last = number;
				}
			}
		}
		// They usually are ordered, and this method is called eleven times per second.
		if (!ordered) {
			loops.sort(Comparator.comparingLong(MonitoredEventLoop::number));
		}
		// Read last, since loops may have started meanwhile.
		setExpectedNumbers(notStarted, threads.get());
		loops.addAll(notStarted);
		return Collections.unmodifiableList(loops);
	}

	private static void setExpectedNumbers(List<MonitoredEventLoop> notStarted, long lastNumber) {
		long number = lastNumber;
		for (MonitoredEventLoop loop : notStarted) {
			if (loop.number() == MonitoredEventLoop.NO_NUMBER) {
				loop.setExpectedNumber(++number);
			}
		}
	}

}

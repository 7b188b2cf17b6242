package io.github.eventloop.finding.internal;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.stall.Culprit;
import io.github.eventloop.stall.SampledStack;
import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.internal.stack.ReadableFrame;

/**
 * Libraries by the names of their classes, to recognize what the culprit of a stall
 * called.
 */
enum StalledCode {

	/**
	 * Takes a connection from a pool, which waits until one is free.
	 */
	WAITS_FOR_POOL("com.zaxxer.hikari.util.ConcurrentBag", "org.apache.tomcat.jdbc.pool.FairBlockingQueue",
			"org.apache.tomcat.jdbc.pool.MultiLockFairBlockingQueue", "org.apache.commons.pool2.impl.",
			"org.apache.commons.pool.impl.", "com.mchange.v2.resourcepool.", "io.agroal.pool.util.AgroalSynchronizer",
			"com.alibaba.druid.pool.DruidDataSource", "com.mongodb.internal.connection.DefaultConnectionPool",
			"com.mongodb.internal.connection.ConcurrentPool"),

	/**
	 * Writes to a log, or to the console.
	 */
	LOGS("ch.qos.logback.", "org.apache.logging.log4j.", "org.apache.log4j.", "java.util.logging.",
			"org.jboss.logmanager.", "net.logstash.logback.", "com.alibaba.csp.sentinel.log.", "java.io.PrintStream");

	@SuppressWarnings("ImmutableEnumChecker") // created by List.of
	private final List<String> prefixes;

	StalledCode(String... prefixes) {
		this.prefixes = List.of(prefixes);
	}

	/** Return whether the culprit of a stall was in this code for most of the time. */
	boolean isMostOf(Stall stall) {
		long all = 0;
		long some = 0;
		for (SampledStack stack : stall.samples().stacks()) {
			all += stack.nanos();
			some += isCalled(stack.frames(), stall.code().culprit()) ? stack.nanos() : 0;
		}
		return some > all / 2;
	}

	/** Without a culprit, the whole stack is relevant. */
	private boolean isCalled(StackTraceElement[] innermostFirst, @Nullable Culprit culprit) {
		for (StackTraceElement frame : innermostFirst) {
			if (this.prefixes.stream().anyMatch(frame.getClassName()::startsWith)) {
				return true;
			}
			if (culprit != null && ReadableFrame.culpritOf(frame).className().equals(culprit.className())) {
				return false;
			}
		}
		return false;
	}

}

package io.github.eventloop.stall.internal.stack;

import java.util.List;

/**
 * Utility to recognize stacks of TLS handshakes, whose asymmetric cryptography takes a
 * millisecond or more each, by the engines of the JDK and of Netty.
 */
public final class TlsHandshake {

	private static final List<String> ENGINES = List.of("sun.security.ssl.", "io.netty.handler.ssl.",
			"io.netty.internal.tcnative.");

	private TlsHandshake() {
	}

	public static boolean isIn(StackTraceElement[] stack) {
		for (StackTraceElement frame : stack) {
			if (ENGINES.stream().anyMatch(frame.getClassName()::startsWith)) {
				String name = frame.getClassName() + "." + frame.getMethodName();
				// The JDK's engine delegates the expensive parts of a handshake to tasks.
				if (name.contains("andshake") || name.contains("DelegatedTask")) {
					return true;
				}
			}
		}
		return false;
	}

}

package io.github.eventloop.stall.internal.stack;

import org.jspecify.annotations.Nullable;

/**
 * Utility to recognize the filter of Spring Cloud Gateway whose code is on a stack. While
 * a request is passed on, each filter is called by an adapter of the gateway. When a
 * response arrives, only the names of the classes are left.
 */
public final class GatewayFilter {

	private static final String GATEWAY = "org.springframework.cloud.gateway.";

	private static final String FACTORY = "GatewayFilterFactory";

	private GatewayFilter() {
	}

	/**
	 * Return the name of the innermost filter, as it is configured: that of a factory
	 * without its suffix, and otherwise that of the class.
	 * @param stack the stack, innermost frame first
	 * @return the name, or {@code null} if there is no filter on the stack
	 */
	public static @Nullable String nameIn(StackTraceElement[] stack) {
		for (int i = 0; i < stack.length; i++) {
			String className = stack[i].getClassName();
			String name = simpleName(className);
			if (name.endsWith(FACTORY) && name.length() > FACTORY.length()) {
				return name.substring(0, name.length() - FACTORY.length());
			}
			boolean called = i + 1 < stack.length && isAdapter(stack[i + 1]) && !isAdapter(stack[i]);
			if (called
					|| (className.startsWith(GATEWAY + "filter.") && name.endsWith("Filter") && !isAdapter(stack[i]))) {
				return name;
			}
		}
		return null;
	}

	private static boolean isAdapter(StackTraceElement frame) {
		return frame.getMethodName().equals("filter")
				&& (frame.getClassName().equals(GATEWAY + "filter.OrderedGatewayFilter") || frame.getClassName()
					.startsWith(GATEWAY + "handler.FilteringWebHandler$GatewayFilterAdapter"));
	}

	private static String simpleName(String className) {
		int nested = className.indexOf('$');
		String outer = (nested > 0) ? className.substring(0, nested) : className;
		return outer.substring(outer.lastIndexOf('.') + 1);
	}

}

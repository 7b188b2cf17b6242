package io.github.eventloop.netty;

import java.lang.reflect.Method;
import java.util.concurrent.ThreadFactory;

/**
 * Access to virtual threads, which came with JDK 21, by reflection: tests are compiled
 * for JDK 17.
 */
public final class VirtualThread {

	private VirtualThread() {
	}

	/** Return a factory of virtual threads, which have no names. */
	public static ThreadFactory factory() {
		try {
			Method factory = Class.forName("java.lang.Thread$Builder").getMethod("factory");
			return (ThreadFactory) factory.invoke(Thread.class.getMethod("ofVirtual").invoke(null));
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException("This JVM has no virtual threads", ex);
		}
	}

}

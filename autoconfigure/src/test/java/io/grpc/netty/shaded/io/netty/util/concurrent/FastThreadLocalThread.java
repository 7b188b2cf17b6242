package io.grpc.netty.shaded.io.netty.util.concurrent;

/**
 * Thread with the name that the class of Netty's threads has in
 * {@code grpc-netty-shaded}.
 */
public class FastThreadLocalThread extends Thread {

	public FastThreadLocalThread(Runnable task, String name) {
		super(task, name);
	}

}

package io.github.eventloop.stall.internal.stack;

/**
 * Utility to recognize stacks of a loop that receives messages of a WebSocket, by the
 * operations of Reactor Netty that emit them and the codecs of Netty that decode them.
 */
public final class WebSocketMessages {

	private WebSocketMessages() {
	}

	public static boolean isIn(StackTraceElement[] stack) {
		for (StackTraceElement frame : stack) {
			if (isReceiving(frame.getClassName(), frame.getMethodName())) {
				return true;
			}
		}
		return false;
	}

	private static boolean isReceiving(String className, String methodName) {
		return switch (methodName) {
			case "onInboundNext" -> className.startsWith("reactor.netty.http.") && className.contains("Websocket");
			case "decode" -> className.startsWith("io.netty.handler.codec.http.websocketx.");
			default -> false;
		};
	}

}

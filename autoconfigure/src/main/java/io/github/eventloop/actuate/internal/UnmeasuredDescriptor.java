package io.github.eventloop.actuate.internal;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * Threads that look like event loops and are not measured.
 *
 * @param name the name of the threads, without their numbers
 * @param threads the number of threads
 * @param reason why they are not measured
 * @param remedy what to do to measure them
 */
@JsonPropertyOrder({ "name", "threads", "reason", "remedy" })
public record UnmeasuredDescriptor(String name, int threads, String reason, String remedy) {

	/**
	 * Create a description of one thread of Netty.
	 * @param name its name, without the number
	 * @param netty the package into which its Netty is relocated, or an empty string
	 */
	static UnmeasuredDescriptor of(String name, String netty) {
		if (netty.isEmpty()) {
			return new UnmeasuredDescriptor(name, 1,
					"no component that eventloop supports has created these loops, and they are not beans",
					"declare their EventLoopGroup as a bean, or pass it to ExternalLoops.add(…)");
		}
		return new UnmeasuredDescriptor(name, 1,
				"their Netty is relocated to " + netty + "io.netty, and is a copy that eventloop cannot extend",
				netty.startsWith("io.grpc.") ? "use grpc-netty instead of grpc-netty-shaded"
						: "use an artifact of this library that does not contain Netty, if there is one");
	}

	UnmeasuredDescriptor plus(UnmeasuredDescriptor other) {
		return new UnmeasuredDescriptor(this.name, this.threads + other.threads, this.reason, this.remedy);
	}

}

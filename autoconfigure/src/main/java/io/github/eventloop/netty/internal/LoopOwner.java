package io.github.eventloop.netty.internal;

import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.github.eventloop.monitor.LoopRole;

/**
 * What event loops are for: the initial roles of the loops, the component that they
 * belong to, and whether they count in the status of the application.
 *
 * @param roles the initial roles
 * @param component the name of the component, or {@code null} if it is not a driver
 * @param counted whether the loops count
 */
public record LoopOwner(Set<LoopRole> roles, @Nullable String component, boolean counted) {

	/** The servers and clients of the application. */
	public static final LoopOwner APPLICATION = new LoopOwner(Set.of(), null, true);

	/** A separate management port. */
	public static final LoopOwner MANAGEMENT = new LoopOwner(Set.of(LoopRole.MANAGEMENT), null, false);

	/**
	 * Return the owner of the loops of a driver.
	 * @param component the name of the driver
	 * @param counted whether its loops count in the status of the application
	 * @return the owner
	 */
	public static LoopOwner driver(String component, boolean counted) {
		return new LoopOwner(Set.of(LoopRole.DRIVER), component, counted);
	}

}

package io.github.eventloop.stall.internal.record;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import io.github.eventloop.stall.Stall;
import io.github.eventloop.stall.StallDetector;

/**
 * The newest stalls that have ended. Bounded in number and in the size of their stacks.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link StallDetector}.
 */
final class StallHistory {

	private static final int MAX_STALLS = 100;

	/** About four megabytes if stacks share no frames. */
	private static final int MAX_FRAMES = 100_000;

	private final Deque<Stall> stalls = new ArrayDeque<>();

	private int frames;

	/**
	 * Increases with every stall. Starts with the current time, because a reader may pass
	 * a position of a previous process.
	 */
	private long position = System.currentTimeMillis();

	/** The first position from which on nothing was cleared. */
	private long unbrokenFrom = this.position;

	void add(Stall stall) {
		this.stalls.addLast(stall);
		this.position++;
		this.frames += frames(stall);
		while (this.stalls.size() > MAX_STALLS || (this.frames > MAX_FRAMES && this.stalls.size() > 1)) {
			this.frames -= frames(this.stalls.removeFirst());
		}
	}

	private static int frames(Stall stall) {
		return stall.samples().stacks().stream().mapToInt((stack) -> stack.frames().length).sum();
	}

	List<Stall> stalls() {
		return List.copyOf(this.stalls);
	}

	long position() {
		return this.position;
	}

	/**
	 * Return whether nothing was cleared since a position.
	 * @param position the position
	 * @return whether {@link #addedSince(long)} returns all changes
	 */
	boolean isUnbrokenSince(long position) {
		return position >= this.unbrokenFrom && position <= this.position;
	}

	List<Stall> addedSince(long position) {
		return this.stalls.stream().skip(Math.max(0, this.stalls.size() - (this.position - position))).toList();
	}

	void clear() {
		this.unbrokenFrom = ++this.position;
		this.stalls.clear();
		this.frames = 0;
	}

}

package io.github.eventloop.stall;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The newest stalls that have ended. Bounded in number and in what their stacks take.
 * <p>
 * Not thread-safe: guarded by the lock of its {@link StallWatch}.
 */
final class StallHistory {

	private static final int MOST_STALLS = 100;

	/** Some four megabytes, if each stack were of frames of its own. */
	private static final int MOST_FRAMES = 100_000;

	private final Deque<Stall> stalls = new ArrayDeque<>();

	private int frames;

	/**
	 * Moves on with every stall. Begins with the time: a reader may know positions of the
	 * process that was there before.
	 */
	private long position = System.currentTimeMillis();

	/** The first position from which nothing is missing. */
	private long unbrokenFrom = this.position;

	void add(Stall stall) {
		this.stalls.addLast(stall);
		this.position++;
		this.frames += frames(stall);
		while (this.stalls.size() > MOST_STALLS || (this.frames > MOST_FRAMES && this.stalls.size() > 1)) {
			this.frames -= frames(this.stalls.removeFirst());
		}
	}

	private static int frames(Stall stall) {
		return stall.stacks().stream().mapToInt((stack) -> stack.frames().length).sum();
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
	 * @return whether {@link #addedSince(long)} says all there is to say
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

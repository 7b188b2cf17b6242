package io.github.eventloop.health.internal;

/**
 * Decisions of an application that is in trouble to stay in service. Those that follow
 * each other during the same trouble are reported once.
 * <p>
 * Not thread-safe: used by one {@link HealthPolicy}.
 */
final class Stays {

	private String reason = "";

	/** Whether the application stays, and the trouble has lasted since then. */
	private boolean lasting;

	/** Whether a decision during this trouble was reported. */
	private boolean reported;

	private boolean reportedNow;

	private long count;

	/** Begin a second, in which nothing has been decided yet. */
	void nextSecond() {
		this.reportedNow = false;
	}

	/** Record a decision to stay. */
	void decide(String reason) {
		this.count++;
		this.reason = reason;
		this.lasting = true;
		this.reportedNow = !this.reported;
		this.reported = true;
	}

	/** Record why the application is back in service, and stays if the trouble lasts. */
	void returned(String reason) {
		this.reason = reason;
	}

	/** Record that the application stays for the last reason. */
	void goOn() {
		this.lasting = true;
	}

	/** Record that the trouble has ended, or that the application leaves. */
	void end() {
		this.lasting = false;
		this.reported = false;
	}

	/** Return why the application stays. */
	String reason() {
		return this.reason;
	}

	boolean isLasting() {
		return this.lasting;
	}

	/** Return whether the first decision of this trouble was made in this second. */
	boolean isReportedNow() {
		return this.reportedNow;
	}

	/** Return the number of decisions to stay so far. */
	long count() {
		return this.count;
	}

}

package io.github.eventloop.finding;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares findings with the expected ones, scene by scene.
 */
public final class Evaluation {

	/** Required precision and recall. */
	private static final double REQUIRED = 0.95;

	private final List<String> wrong = new ArrayList<>();

	private final String name;

	private int scenes;

	private int right;

	private int unexpected;

	private int missing;

	public Evaluation(String name) {
		this.name = name;
	}

	/** Add the findings of a scene, each as its id. */
	public void add(String scene, List<String> expected, List<String> found) {
		List<String> extra = new ArrayList<>(found);
		List<String> absent = new ArrayList<>();
		for (String each : expected) {
			if (!extra.remove(each)) {
				absent.add(each);
			}
		}
		this.scenes++;
		this.right += expected.size() - absent.size();
		this.unexpected += extra.size();
		this.missing += absent.size();
		if (!extra.isEmpty() || !absent.isEmpty()) {
			this.wrong.add(scene + ": expected " + expected + ", found " + found);
		}
	}

	private double precision() {
		return (double) this.right / (this.right + this.unexpected);
	}

	private double recall() {
		return (double) this.right / (this.right + this.missing);
	}

	public void assertGood() {
		System.out.printf(Locale.ROOT, "%s: %d scenes, %d expected findings, precision %.1f %%, recall %.1f %%%n",
				this.name, this.scenes, this.right + this.missing, precision() * 100, recall() * 100);
		this.wrong.forEach(System.out::println);
		assertThat(precision()).as("precision, %s", this.wrong).isGreaterThanOrEqualTo(REQUIRED);
		assertThat(recall()).as("recall, %s", this.wrong).isGreaterThanOrEqualTo(REQUIRED);
	}

}

package io.github.eventloop.benchmarks;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;

import javax.imageio.ImageIO;

/**
 * Pictures of the live page: a sequence while a loop becomes blocked and recovers, the
 * whole page while a loop is blocked, and the same page saved as a file.
 */
final class PagePictures {

	/** As wide as the text of a README, so that its own text remains readable. */
	private static final int WIDTH = 1000;

	private static final int HEIGHT = 760;

	private static final String LONG_BLOCKED = "(?s).* for [23]\\.\\d s by SleepController.*";

	private final Instance instance;

	private final Browser browser;

	private final Run run;

	/**
	 * Create pictures.
	 * @param instance the sample, which has just started
	 * @param browser the browser
	 * @param run receives the files
	 */
	PagePictures(Instance instance, Browser browser, Run run) {
		this.instance = instance;
		this.browser = browser;
		this.run = run;
	}

	/** Take all pictures. */
	void take() throws IOException {
		this.browser.resize(WIDTH, HEIGHT);
		this.browser.go(this.instance.url("/actuator/eventloop"));
		try (RunningLoad load = PageRun.load(this.instance, 50, Duration.ofSeconds(150))) {
			sequence();
			this.browser.resize(1200, 900);
			blocked();
		}
	}

	private void sequence() throws IOException {
		Animation animation = new Animation();
		this.browser.await("the end of the start-up grace", () -> this.browser.text("#status").equals("HEALTHY"));
		this.browser.run("selection.clear()");
		add(animation, "1-calm", Duration.ofMillis(2500));
		RunningLoad blocked = visit("sleep?millis=5000");
		this.browser.await("a blocked loop", () -> this.browser.text("#blocked.alarm")
			.matches("(?s).* for (\\d+ ms|1\\.\\d s) by SleepController.*"));
		add(animation, "2-blocked", Duration.ofMillis(2500));
		this.browser.await("a loop that is stuck", () -> this.browser.text("#status").equals("STUCK")
				&& this.browser.text("#blocked").matches(LONG_BLOCKED.replace("[23]", "[34]")));
		add(animation, "3-stuck", Duration.ofMillis(2500));
		blocked.await();
		this.browser.await("the end of the stall", () -> (Boolean) this.browser
			.run("return stallLog.all().some((stall) => !stall.inProgress && stall.durationMillis > 4500)"));
		this.browser.run("""
				selection.setStall(stallLog.all().find((stall) => stall.durationMillis > 4500).id);
				document.getElementById('stall').scrollIntoView({ block: 'end' });
				scrollBy(0, 16);""");
		add(animation, "4-stack", Duration.ofMillis(4500));
		this.browser.run("selection.setStall(null); scrollTo(0, 0)");
		this.browser.await("recovery", () -> this.browser.text("#status").matches("HEALTHY|DEGRADED"));
		add(animation, "5-recovered", Duration.ofSeconds(3));
		this.browser.run("document.getElementById('loops-title').scrollIntoView()");
		add(animation, "6-hotspot", Duration.ofMillis(3500));
		this.browser.run("scrollTo(0, 0)");
		animation.write(this.run.file("page.gif"));
		this.run.publish("page.gif", "docs/images/page.gif");
	}

	private void add(Animation animation, String name, Duration time) throws IOException {
		BufferedImage picture = this.browser.view();
		ImageIO.write(picture, "png", this.run.file(name + ".png").toFile());
		animation.add(picture, time);
	}

	private void blocked() throws IOException {
		for (String offender : List.of("fibonacci", "sleep?millis=300", "regex", "sleep?millis=700")) {
			Pause.of(Duration.ofSeconds(8));
			visit(offender).await();
		}
		Pause.of(Duration.ofSeconds(3));
		RunningLoad blocked = visit("sleep?millis=4000");
		this.browser.await("a loop that has been blocked for a while",
				() -> this.browser.text("#blocked.alarm").matches(LONG_BLOCKED));
		this.browser.screenshot(this.run.file("blocked.png"));
		this.run.publish("blocked.png");
		Files.writeString(this.run.file("demo.html"), save(this.browser));
		this.run.publish("demo.html", "docs/demo.html");
		blocked.await();
	}

	/** Return the file that the browser saves the page as. */
	static String save(Browser browser) {
		browser.run("""
				URL.createObjectURL = (file) => {
					file.text().then((text) => document.body.dataset.file = text);
					return '#';
				};
				document.getElementById('save').click();""");
		browser.await("the file", () -> (Boolean) browser.run("return 'file' in document.body.dataset"));
		return String.valueOf(browser.run("return document.body.dataset.file"));
	}

	private RunningLoad visit(String offender) {
		return Load.get(this.instance.url("/offenders/" + offender))
			.connections(1)
			.timeout(Duration.ofSeconds(10))
			.start(Plan.steady(1, Duration.ofSeconds(1)));
	}

}

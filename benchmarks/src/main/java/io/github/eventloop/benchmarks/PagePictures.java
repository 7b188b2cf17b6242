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

	/** In which nothing of the start is visible in the timeline. */
	private static final Duration CALM = Duration.ofMinutes(1);

	private static final String ENDED = "stallLog.all().find((stall) => !stall.inProgress && stall.durationMillis > 4500)";

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
		this.browser.resize(1200, 860);
		this.browser.go(this.instance.url("/actuator/eventloop"));
		try (RunningLoad load = PageRun.load(this.instance, 50, Duration.ofMinutes(4))) {
			sequence();
			this.browser.resize(1200, 900);
			blocked();
		}
	}

	/** A page that is calm, a blocked loop, its stack, and the recovery. */
	private void sequence() throws IOException {
		Animation animation = new Animation();
		Pause.of(CALM);
		forgetStalls();
		this.browser.run("document.querySelector('#range input[value=\"60\"]').click()");
		this.browser.await("a calm page", () -> this.browser.text("#status").equals("HEALTHY")
				&& this.browser.text("#findings-title").startsWith("No findings"));
		add(animation, "1-calm", 2500);
		RunningLoad blocked = visit("sleep?millis=5000");
		this.browser.await("a blocked loop",
				() -> this.browser.text("#blocked.alarm").matches("(?s).* for 1\\.\\d s by SleepController.*"));
		add(animation, "2-blocked", 2500);
		this.browser.await("a stuck loop, and the finding", () -> this.browser.text("#status").equals("STUCK")
				&& this.browser.text("#severity").equals("CRITICAL"));
		add(animation, "3-stuck", 2500);
		blocked.await();
		this.browser.await("the end", () -> (Boolean) this.browser.run("return Boolean(" + ENDED + ")"));
		this.browser.run("""
				selection.setStall(%s.id);
				document.getElementById('stall').scrollIntoView({ block: 'end' });
				scrollBy(0, 16);""".formatted(ENDED));
		add(animation, "4-stack", 4500);
		this.browser.run("selection.setStall(null); scrollTo(0, 0)");
		this.browser.await("recovery", () -> this.browser.text("#status").equals("HEALTHY"));
		add(animation, "5-recovered", 3000);
		this.browser.run("document.getElementById('loops-title').scrollIntoView()");
		add(animation, "6-hotspot", 3500);
		this.browser.run("""
				scrollTo(0, 0);
				document.querySelector('#range input[value="120"]').click()""");
		animation.write(this.run.file("page.gif"));
		this.run.publish("page.gif", "docs/images/page.gif");
	}

	/** The start, and other work of the machine, may have stalled loops. */
	private void forgetStalls() {
		this.browser.run("fetch(location.pathname + '/stalls', { method: 'DELETE' })");
	}

	private void add(Animation animation, String name, long millis) throws IOException {
		BufferedImage picture = this.browser.view();
		ImageIO.write(picture, "png", this.run.file(name + ".png").toFile());
		animation.add(picture, Duration.ofMillis(millis));
	}

	private void blocked() throws IOException {
		for (String offender : List.of("fibonacci", "sleep?millis=300", "regex", "sleep?millis=700")) {
			Pause.of(Duration.ofSeconds(8));
			visit(offender).await();
		}
		Pause.of(Duration.ofSeconds(3));
		RunningLoad blocked = visit("sleep?millis=4000");
		this.browser.await("a loop that has been blocked for a while",
				() -> this.browser.text("#blocked.alarm").matches("(?s).* for [23]\\.\\d s by SleepController.*"));
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

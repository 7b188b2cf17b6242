package io.github.eventloop.benchmarks.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;

import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptException;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

import io.github.eventloop.benchmarks.process.Pause;
import io.github.eventloop.benchmarks.process.Program;

/**
 * A Chromium without a window. Not thread-safe.
 */
public final class Browser implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final ChromeDriver driver;

	private Browser(ChromeDriver driver) {
		this.driver = driver;
	}

	/**
	 * Return whether there is one on this machine, with its driver.
	 * @return whether it can be opened
	 */
	public static boolean isInstalled() {
		return Program.find("chromium").isPresent() && Program.find("chromedriver").isPresent();
	}

	/**
	 * Open one.
	 * @return a browser with an empty page
	 */
	public static Browser open() {
		ChromeOptions options = new ChromeOptions();
		options.setBinary(Program.find("chromium").orElseThrow().toFile());
		// It only ever sees pages of ours: no sandbox, which root cannot have.
		options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
				"--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
				"--hide-scrollbars");
		LoggingPreferences logging = new LoggingPreferences();
		logging.enable(LogType.BROWSER, Level.ALL);
		options.setCapability("goog:loggingPrefs", logging);
		ChromeDriverService service = new ChromeDriverService.Builder()
			.usingDriverExecutable(Program.find("chromedriver").orElseThrow().toFile())
			.withSilent(true)
			.build();
		return new Browser(new ChromeDriver(service, options));
	}

	/**
	 * Go to a page.
	 * @param url its URL
	 */
	public void go(String url) {
		this.driver.get(url);
	}

	/**
	 * Be as large as some screen.
	 * @param width its width in CSS pixels
	 * @param height its height
	 */
	public void resize(int width, int height) {
		this.driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
	}

	/**
	 * Prefer a colour scheme.
	 * @param scheme {@code light} or {@code dark}
	 */
	public void prefer(String scheme) {
		this.driver.executeCdpCommand("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
	}

	/**
	 * Return what an element says.
	 * @param selector its CSS selector
	 * @return its visible text; empty if there is no such element
	 */
	public String text(String selector) {
		try {
			return this.driver.findElement(By.cssSelector(selector)).getText();
		}
		catch (NoSuchElementException | StaleElementReferenceException ex) {
			return "";
		}
	}

	/**
	 * Return how many elements there are.
	 * @param selector their CSS selector
	 * @return the number
	 */
	public int count(String selector) {
		return this.driver.findElements(By.cssSelector(selector)).size();
	}

	/**
	 * Return the title of the page.
	 * @return the title
	 */
	public String title() {
		return this.driver.getTitle();
	}

	/**
	 * Press keys, wherever the focus is.
	 * @param keys the keys
	 */
	public void press(CharSequence... keys) {
		new Actions(this.driver).sendKeys(keys).perform();
	}

	/**
	 * Drag over the right part of an element.
	 * @param selector its CSS selector
	 * @param from where to begin, as a share of its width
	 */
	public void drag(String selector, double from) {
		WebElement element = this.driver.findElement(By.cssSelector(selector));
		run("arguments[0].scrollIntoView({block: 'center'})", element);
		int half = element.getSize().getWidth() / 2;
		int start = (int) (2 * half * from) - half;
		new Actions(this.driver).moveToElement(element, start, 0)
			.clickAndHold()
			.moveToElement(element, (start + half) / 2, 0)
			.moveToElement(element, half - 2, 0)
			.release()
			.perform();
	}

	/**
	 * Run a script in the page.
	 * @param script the body of a function
	 * @param arguments what it calls {@code arguments}
	 * @return what it returns
	 */
	public Object run(String script, Object... arguments) {
		Object result = this.driver.executeScript(script, arguments);
		return (result != null) ? result : "";
	}

	/**
	 * Wait until something is so.
	 * @param what what is waited for, for the message
	 * @param condition whether it is so
	 * @throws IllegalStateException if that takes longer than half a minute
	 */
	public void await(String what, BooleanSupplier condition) {
		long end = System.nanoTime() + PATIENCE.toNanos();
		while (!isSo(condition)) {
			if (System.nanoTime() > end) {
				throw new IllegalStateException("Took longer than %d s: %s. The page says:%n%s"
					.formatted(PATIENCE.toSeconds(), what, text("body")));
			}
			Pause.of(Duration.ofMillis(50));
		}
	}

	/** The page may change between two questions. */
	private static boolean isSo(BooleanSupplier condition) {
		try {
			return condition.getAsBoolean();
		}
		catch (StaleElementReferenceException | JavascriptException ex) {
			return false;
		}
	}

	/**
	 * Return what the browser complained of since this was asked last, such as a script
	 * that a policy forbids.
	 * @return the complaints
	 */
	public List<String> complaints() {
		return this.driver.manage()
			.logs()
			.get(LogType.BROWSER)
			.getAll()
			.stream()
			.filter((entry) -> entry.getLevel().intValue() >= Level.WARNING.intValue())
			.map(LogEntry::getMessage)
			.toList();
	}

	/**
	 * Take a picture of the whole page.
	 * @param file where to write it to, as PNG
	 */
	public void photograph(Path file) {
		int width = number("innerWidth");
		int height = number("innerHeight");
		// What scrolls by itself is drawn only where it is in sight.
		resize(width, number("document.documentElement.scrollHeight"));
		Pause.of(Duration.ofMillis(500));
		Map<String, Object> picture = this.driver.executeCdpCommand("Page.captureScreenshot", Map.of());
		resize(width, height);
		try {
			Files.write(file, Base64.getDecoder().decode(String.valueOf(picture.get("data"))));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private int number(String expression) {
		return ((Number) run("return " + expression)).intValue();
	}

	@Override
	public void close() {
		this.driver.quit();
	}

}

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
 * A headless Chromium. Not thread-safe.
 */
public final class Browser implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private final ChromeDriver driver;

	private Browser(ChromeDriver driver) {
		this.driver = driver;
	}

	/**
	 * Return whether Chromium and its driver are installed on this machine.
	 * @return whether a browser can be opened
	 */
	public static boolean isInstalled() {
		return Program.find("chromium").isPresent() && Program.find("chromedriver").isPresent();
	}

	/**
	 * Open a browser.
	 * @return a browser with an empty page
	 */
	public static Browser open() {
		ChromeOptions options = new ChromeOptions();
		options.setBinary(Program.find("chromium").orElseThrow().toFile());
		// The sandbox is not available to root, and only trusted pages are opened.
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
	 * Navigate to a page.
	 * @param url its URL
	 */
	public void go(String url) {
		this.driver.get(url);
	}

	/**
	 * Set the size of the viewport.
	 * @param width the width in CSS pixels
	 * @param height the height in CSS pixels
	 */
	public void resize(int width, int height) {
		this.driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
	}

	/**
	 * Emulate a preferred colour scheme.
	 * @param scheme {@code light} or {@code dark}
	 */
	public void prefer(String scheme) {
		this.driver.executeCdpCommand("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
	}

	/**
	 * Return the text of an element.
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
	 * Return the number of matching elements.
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
	 * Send keys to the focused element.
	 * @param keys the keys
	 */
	public void press(CharSequence... keys) {
		new Actions(this.driver).sendKeys(keys).perform();
	}

	/**
	 * Drag from a position within an element to its right edge.
	 * @param selector its CSS selector
	 * @param from the start, as a fraction of its width
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
	 * @param arguments the values of {@code arguments} in the script
	 * @return the result; empty string for no result
	 */
	public Object run(String script, Object... arguments) {
		Object result = this.driver.executeScript(script, arguments);
		return (result != null) ? result : "";
	}

	/**
	 * Wait until a condition is met.
	 * @param what a description of the condition, for the message
	 * @param condition the condition
	 * @throws IllegalStateException if it takes longer than half a minute
	 */
	public void await(String what, BooleanSupplier condition) {
		long end = System.nanoTime() + TIMEOUT.toNanos();
		while (!isMet(condition)) {
			if (System.nanoTime() > end) {
				throw new IllegalStateException("Not within %d s: %s. The text of the page:%n%s"
					.formatted(TIMEOUT.toSeconds(), what, text("body")));
			}
			Pause.of(Duration.ofMillis(50));
		}
	}

	/** The page may change between two queries. */
	private static boolean isMet(BooleanSupplier condition) {
		try {
			return condition.getAsBoolean();
		}
		catch (StaleElementReferenceException | JavascriptException ex) {
			return false;
		}
	}

	/**
	 * Return the warnings and errors that the browser has logged since the last call,
	 * such as violations of the content security policy.
	 * @return the messages
	 */
	public List<String> warnings() {
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
	 * Take a screenshot of the whole page.
	 * @param file the file to write to, as PNG
	 */
	public void screenshot(Path file) {
		int width = number("innerWidth");
		int height = number("innerHeight");
		// Scrollable parts of the page are rendered only while they are visible.
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

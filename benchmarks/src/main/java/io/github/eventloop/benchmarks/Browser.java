package io.github.eventloop.benchmarks;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;

import javax.imageio.ImageIO;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.openqa.selenium.By;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A headless Chromium. Not thread-safe.
 */
final class Browser implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private final ChromeDriver driver;

	private Browser(ChromeDriver driver) {
		this.driver = driver;
	}

	/** Return whether Chromium and its driver are installed on this machine. */
	static boolean isInstalled() {
		return Program.find("chromium").isPresent() && Program.find("chromedriver").isPresent();
	}

	/** Open a browser. */
	static Browser open() {
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

	/** Navigate to a page. */
	void go(String url) {
		this.driver.get(url);
	}

	/** Set the size of the viewport. */
	void resize(int width, int height) {
		this.driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
				Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
	}

	/** Emulate a preferred colour scheme. */
	void prefer(String scheme) {
		this.driver.executeCdpCommand("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
	}

	/** Return the text of an element. */
	String text(String selector) {
		try {
			return this.driver.findElement(By.cssSelector(selector)).getText();
		}
		catch (NoSuchElementException | StaleElementReferenceException ex) {
			return "";
		}
	}

	/** Return the number of matching elements. */
	int count(String selector) {
		return this.driver.findElements(By.cssSelector(selector)).size();
	}

	/** Return the title of the page. */
	String title() {
		return this.driver.getTitle();
	}

	/** Send keys to the focused element. */
	void press(CharSequence... keys) {
		new Actions(this.driver).sendKeys(keys).perform();
	}

	/** Drag from a position within an element to its right edge. */
	void drag(String selector, double from) {
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

	/** Run a script in the page. */
	Object run(String script, Object... arguments) {
		Object result = this.driver.executeScript(script, arguments);
		return (result != null) ? result : "";
	}

	/**
	 * Wait until a condition is met, although the page may change between two queries.
	 */
	void await(String what, BooleanSupplier condition) {
		try {
			Awaitility.await()
				.pollInSameThread()
				.pollInterval(Duration.ofMillis(50))
				.atMost(TIMEOUT)
				.ignoreExceptionsInstanceOf(WebDriverException.class)
				.until(condition::getAsBoolean);
		}
		catch (ConditionTimeoutException ex) {
			throw new IllegalStateException(
					"Not within %d s: %s. The text of the page:%n%s".formatted(TIMEOUT.toSeconds(), what, text("body")),
					ex);
		}
	}

	/**
	 * Return the warnings and errors that the browser has logged since the last call,
	 * such as violations of the content security policy.
	 * @return the messages
	 */
	List<String> warnings() {
		return this.driver.manage()
			.logs()
			.get(LogType.BROWSER)
			.getAll()
			.stream()
			.filter((entry) -> entry.getLevel().intValue() >= Level.WARNING.intValue())
			.map(LogEntry::getMessage)
			.toList();
	}

	/** Clear the cache. */
	void forget() {
		this.driver.executeCdpCommand("Network.clearBrowserCache", Map.of());
	}

	/** Return what is visible of the page. */
	BufferedImage view() throws IOException {
		Pause.of(Duration.ofMillis(500));
		return ImageIO.read(new ByteArrayInputStream(capture()));
	}

	/** Take a screenshot of the whole page. */
	void screenshot(Path file) throws IOException {
		int width = number("innerWidth");
		int height = number("innerHeight");
		// Scrollable parts of the page are rendered only while they are visible.
		resize(width, number("document.documentElement.scrollHeight"));
		Pause.of(Duration.ofMillis(500));
		byte[] picture = capture();
		resize(width, height);
		Files.write(file, picture);
	}

	private byte[] capture() {
		Map<String, Object> picture = this.driver.executeCdpCommand("Page.captureScreenshot", Map.of());
		return Base64.getDecoder().decode(String.valueOf(picture.get("data")));
	}

	private int number(String expression) {
		return ((Number) run("return " + expression)).intValue();
	}

	@Override
	public void close() {
		this.driver.quit();
	}

}

package io.github.eventloop.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Builds the site of the documentation, without a release and with some, and reads it as
 * a browser does.
 */
@Timeout(300)
class SiteIT {

	private static final String BASE = "/eventloop/";

	private static final Pattern LINK = Pattern.compile("(?:href|src)=(?:\"([^\"]*)\"|([^\\s>\"]+))");

	@TempDir
	private static Path directory;

	/** Before the first release. */
	private static Path first;

	/** After the releases of 0.1.0, 0.1.1 and 0.2.0. */
	private static Path later;

	@BeforeAll
	static void build() {
		assumeTrue(Program.find("npm").isPresent() && Files.exists(Program.ROOT.resolve("site/node_modules")),
				"Needs what 'benchmarks/install site' installs");
		Command releases = Command.run(directory, """
				git clone -q --no-tags "$1" project
				cd project
				git config user.name Site
				git config user.email site@example.org
				release() {
					echo "Changed in $1." >>docs/stability.md
					git commit -qam "Release $1"
					git tag -a -m "eventloop $1" "v$1"
				}
				cp -r .git ../first.git
				release 0.1.0
				release 0.1.1
				release 0.2.0
				""", List.of("bash", "-es", Program.ROOT.toString()));
		assertThat(releases.status()).as(releases.output()).isZero();
		first = build("first", directory.resolve("first.git"));
		later = build("later", directory.resolve("project/.git"));
	}

	private static Path build(String name, Path repository) {
		Path site = directory.resolve(name);
		try (ChildProcess build = ChildProcess.start("build-" + name, directory,
				List.of("env", "GIT_DIR=" + repository, Program.path("npm"), "--prefix",
						Program.ROOT.resolve("site").toString(), "run", "build", "--", "--out-dir", site.toString()))) {
			build.await("\\[SUCCESS] Generated static files", Duration.ofMinutes(4));
		}
		return site;
	}

	@Test
	void everyPageShouldBeThere() throws IOException {
		assertThat(pages()).hasSizeGreaterThan(30).allSatisfy((page) -> {
			assertThat(first.resolve("snapshot/" + address(page)).resolve("index.html")).exists();
			assertThat(later.resolve("0.2.0/" + address(page)).resolve("index.html")).exists();
		});
	}

	private static List<String> pages() throws IOException {
		Command files = Command.run(directory, "",
				List.of("git", "-C", Program.ROOT.toString(), "ls-files", "*.md", ":!.github", ":!benchmarks/src"));
		return files.output().lines().toList();
	}

	private static String address(String page) {
		return page.replaceFirst("(^|/)README\\.md$", "$1").replaceFirst("\\.md$", "");
	}

	@Test
	void linksShouldNotBeBroken() throws IOException {
		for (Path site : List.of(first, later)) {
			List<String> links = new ArrayList<>();
			for (Path page : pages(site)) {
				links.addAll(links(page).filter((link) -> link.startsWith(BASE)).toList());
			}
			assertThat(links).hasSizeGreaterThan(1000);
			assertThat(links.stream().distinct()).allSatisfy((link) -> {
				String[] parts = link.substring(BASE.length()).split("#", 2);
				Path target = site.resolve(parts[0].replaceFirst("\\?.*", ""));
				Path file = (Files.isDirectory(target) || parts[0].endsWith("/")) ? target.resolve("index.html")
						: target;
				assertThat(file).exists();
				if (parts.length > 1 && !parts[1].isEmpty()) {
					assertThat(file).content().containsPattern("id=\"?" + Pattern.quote(parts[1]) + "[\" >]");
				}
			});
		}
	}

	private static List<Path> pages(Path site) throws IOException {
		try (Stream<Path> files = Files.walk(site)) {
			return files.filter((file) -> file.toString().endsWith(".html")).toList();
		}
	}

	private static Stream<String> links(Path page) {
		try {
			return links(Files.readString(page));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Stream<String> links(String html) {
		return LINK.matcher(html)
			.results()
			.map((MatchResult link) -> (link.group(1) != null) ? link.group(1) : link.group(2));
	}

	@Test
	void filesThatAreNoPagesShouldBeLinked() {
		String repository = "https://github.com/eventloop/eventloop/blob/";
		assertThat(links(first.resolve("snapshot/index.html"))).contains(repository + "main/LICENSE");
		assertThat(links(later.resolve("0.1.1/index.html"))).contains(repository + "v0.1.1/LICENSE");
		assertThat(links(first.resolve("snapshot/docs/kubernetes/index.html")))
			.anyMatch((link) -> link.matches(BASE + "assets/files/deployment-.*\\.yaml"));
		assertThat(links(first.resolve("snapshot/docs/prometheus/index.html")))
			.anyMatch((link) -> link.matches(BASE + "assets/files/eventloop-.*\\.json"));
	}

	@Test
	void sidebarShouldHaveTheOrderOfTheIndex() throws IOException {
		List<String> expected = Pattern.compile("(?m)^\\| \\[[^]]+]\\(([^)]+)\\) \\|")
			.matcher(Files.readString(Program.ROOT.resolve("docs/README.md")))
			.results()
			.map((row) -> BASE + "snapshot/" + address("docs/" + row.group(1)))
			.toList();
		assertThat(expected).hasSizeGreaterThan(20);
		String page = Files.readString(first.resolve("snapshot/docs/stability/index.html"));
		String sidebar = page.substring(page.indexOf("theme-doc-sidebar-menu"), page.indexOf("<main"));
		assertThat(links(sidebar)).containsSubsequence(expected);
	}

	@Test
	void newestReleaseShouldBeLatest() {
		assertThat(later.resolve("0.1.0")).as("replaced by its patch").doesNotExist();
		assertThat(later.resolve("0.1.1/docs/stability/index.html")).content()
			.contains("Changed in 0.1.1")
			.doesNotContain("Changed in 0.2.0");
		assertThat(later.resolve("0.2.0/docs/stability/index.html")).content().contains("Changed in 0.2.0");
		assertThat(later.resolve("snapshot/docs/stability/index.html")).content().doesNotContain("Changed in 0.");
		assertThat(later.resolve("index.html")).content().contains(BASE + "0.2.0/");
		assertThat(later.resolve("latest/docs/stability/index.html")).content()
			.contains(BASE + "0.2.0/docs/stability'");
		assertThat(links(later.resolve("0.1.1/docs/stability/index.html"))).contains(BASE + "0.2.0/docs/stability",
				BASE + "snapshot/docs/stability");
		assertThat(first.resolve("index.html")).content().contains(BASE + "snapshot/");
		assertThat(first.resolve("latest/docs/stability/index.html")).content()
			.contains(BASE + "snapshot/docs/stability'");
	}

	@Test
	void searchShouldFindAPageOfTheSameVersion() throws IOException {
		assumeTrue(Browser.isInstalled(), "Needs Chromium and its driver: benchmarks/install chromium chromium-driver");
		HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		server.createContext("/", (exchange) -> {
			Path target = later.resolve(exchange.getRequestURI().getPath().replaceFirst("^" + BASE, ""));
			Path file = Files.isDirectory(target) ? target.resolve("index.html") : target;
			byte[] body = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
			// Workers require a type.
			if (file.toString().endsWith(".js")) {
				exchange.getResponseHeaders().set("Content-Type", "text/javascript");
			}
			exchange.sendResponseHeaders(Files.exists(file) ? 200 : 404, (body.length > 0) ? body.length : -1);
			exchange.getResponseBody().write(body);
			exchange.close();
		});
		server.start();
		try (Browser browser = Browser.open()) {
			browser.resize(1200, 900);
			browser.go("http://127.0.0.1:" + server.getAddress().getPort() + BASE + "0.1.1/");
			browser.await("the scripts", () -> browser.count("html[data-has-hydrated=true]") > 0);
			browser.run("document.querySelector('.navbar__search-input').focus()");
			browser.press("BlockHound");
			browser.await("a result", () -> browser.text("[class*=suggestion]").contains("BlockHound"));
			browser.press(Keys.ENTER);
			browser.await("the page of the result",
					() -> browser.run("return location.pathname").toString().startsWith(BASE + "0.1.1/docs/"));
		}
		finally {
			server.stop(0);
		}
	}

}

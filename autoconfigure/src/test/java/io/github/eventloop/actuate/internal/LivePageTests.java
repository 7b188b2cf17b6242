package io.github.eventloop.actuate.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LivePage}. Other tests run the page in a browser.
 */
class LivePageTests {

	private static final Pattern INLINE = Pattern.compile("<(script|style)>(.*?)</\\1>", Pattern.DOTALL);

	private static final Pattern POLICY = Pattern
		.compile("<meta http-equiv=\"Content-Security-Policy\" content=\"([^\"]+)\">");

	private final String html = new String(LivePage.bytes(), StandardCharsets.UTF_8);

	@Test
	void policyShouldNameEachScriptAndStyleByItsDigest() throws Exception {
		List<MatchResult> inline = INLINE.matcher(this.html).results().toList();
		assertThat(inline).extracting((match) -> match.group(1)).contains("script", "style");
		for (String element : List.of("script", "style")) {
			StringBuilder expected = new StringBuilder(element + "-src");
			for (MatchResult match : inline) {
				if (match.group(1).equals(element)) {
					byte[] digest = MessageDigest.getInstance("SHA-256")
						.digest(match.group(2).getBytes(StandardCharsets.UTF_8));
					expected.append(" 'sha256-").append(Base64.getEncoder().encodeToString(digest)).append("'");
				}
			}
			assertThat(policy()).anyMatch((rule) -> rule.startsWith(expected.toString()));
		}
	}

	@Test
	void policyShouldForbidEverythingElse() {
		assertThat(policy()).contains("default-src 'none'", "connect-src 'self'", "base-uri 'none'",
				"form-action 'none'");
		assertThat(String.join(";", policy())).doesNotContain("unsafe", "*", "http");
	}

	/** An inline script ends at the first of these, even within a string. */
	@ParameterizedTest
	@ValueSource(strings = { "</script", "</style", "<!--" })
	void noScriptOrStyleShouldEndEarly(String end) {
		assertThat(INLINE.matcher(this.html).results().map((match) -> match.group(2)))
			.noneMatch((content) -> content.contains(end));
		assertThat(INLINE.matcher(this.html).results().count()).isEqualTo(35);
	}

	@Test
	void shouldBeSelfContained() {
		String markup = INLINE.matcher(this.html).replaceAll("");
		assertThat(markup).doesNotContain(" src=", "<link rel=\"stylesheet\"", "http:", "https:", "{styles}",
				"{scripts}");
		assertThat(markup).contains("href=\"data:,\"");
		assertThat(INLINE.matcher(this.html).results().map((match) -> match.group(2)))
			.noneMatch((content) -> content.contains("@import") || content.contains("url(")
					|| content.contains("sourceMapping"));
	}

	/** The flame graph library adds its own style to the document. */
	@Test
	void policyShouldAllowTheStyleOfTheFlameGraph() throws Exception {
		List<MatchResult> styles = Pattern
			.compile("document\\.createElement\\(\"style\"\\);\\w+\\.textContent=`([^`]+)`")
			.matcher(this.html)
			.results()
			.toList();
		assertThat(styles).singleElement().satisfies((style) -> {
			byte[] digest = MessageDigest.getInstance("SHA-256")
				.digest(style.group(1).getBytes(StandardCharsets.UTF_8));
			assertThat(policy()).anyMatch((rule) -> rule.startsWith("style-src ")
					&& rule.endsWith(" 'sha256-" + Base64.getEncoder().encodeToString(digest) + "'"));
		});
	}

	private List<String> policy() {
		return POLICY.matcher(this.html)
			.results()
			.flatMap((match) -> List.of(match.group(1).split("; ")).stream())
			.toList();
	}

}

package io.github.eventloop.actuate.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The page for a browser: a self-contained document without data. It requests its data
 * from the endpoint, relative to the URL that it was loaded from.
 * <p>
 * Its content security policy lists the digest of each of its scripts and styles, so that
 * a browser does not execute any others, even if a response contained some.
 */
final class LivePage {

	private static final Pattern STYLE = Pattern.compile("<link rel=\"stylesheet\" href=\"([^\"]+)\">");

	private static final Pattern SCRIPT = Pattern.compile("<script src=\"([^\"]+)\"></script>");

	/**
	 * Written once, when the page is assembled on the thread of the endpoint; volatile,
	 * as event loops read it.
	 */
	private static volatile @Nullable String etag;

	private LivePage() {
	}

	/**
	 * Return the page in UTF-8. It is assembled for the first request, and all responses
	 * share the same array.
	 * @return the document
	 */
	static byte[] bytes() {
		return Holder.BYTES;
	}

	/**
	 * Return the entity tag of the page, a digest of its content.
	 * @return the tag, or {@code null} before the first request for the page, which is
	 * not assembled for the tag alone: that would take too long on an event loop
	 */
	static @Nullable String etag() {
		return etag;
	}

	private static String assemble() {
		List<String> styles = new ArrayList<>();
		List<String> scripts = new ArrayList<>();
		String html = inline(read("index.html"), STYLE, "style", styles);
		html = inline(html, SCRIPT, "script", scripts);
		return html.replace("{styles}", String.join(" ", styles)).replace("{scripts}", String.join(" ", scripts));
	}

	private static String inline(String html, Pattern reference, String element, List<String> digests) {
		return reference.matcher(html).replaceAll((match) -> {
			String content = read(match.group(1));
			digests.add("'sha256-" + digest(content.getBytes(StandardCharsets.UTF_8)) + "'");
			return Matcher.quoteReplacement("<" + element + ">" + content + "</" + element + ">");
		});
	}

	private static String digest(byte[] content) {
		try {
			MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
			return Base64.getEncoder().encodeToString(sha256.digest(content));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every JVM has SHA-256", ex);
		}
	}

	private static String read(String name) {
		try (InputStream file = LivePage.class.getResourceAsStream("page/" + name)) {
			if (file == null) {
				throw new IllegalStateException("The eventloop jar is incomplete: page/" + name + " is missing");
			}
			return new String(file.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static final class Holder {

		private static final byte[] BYTES = assemble().getBytes(StandardCharsets.UTF_8);

		static {
			etag = '"' + digest(BYTES) + '"';
		}

	}

}

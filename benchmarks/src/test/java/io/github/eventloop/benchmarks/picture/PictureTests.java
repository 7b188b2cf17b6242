package io.github.eventloop.benchmarks.picture;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Picture} and {@link Csv}.
 */
class PictureTests {

	@Test
	void pictureShouldBeXmlWithALineInEveryPanel() throws Exception {
		Document svg = parse(Picture.titled("a < b & c")
			.band(1, 2, "disturbance")
			.panel(Panel.titled("p99, ms").logarithmic().line("x", x(0, 1, 2), x(1, 1000, 0)))
			.panel(Panel.titled("in service").steps("x", x(0, 1, 2), x(1, 0, 1)).line("y", x(0, 1, 2), x(1, 1, 1))));
		assertThat(svg.getDocumentElement().getElementsByTagName("title").item(0).getTextContent())
			.isEqualTo("a < b & c");
		assertThat(lines(svg)).hasSize(3);
		assertThat(texts(svg)).contains("disturbance", "p99, ms", "in service", "x", "y", "1 000", "seconds");
	}

	@Test
	void lineShouldGoThroughItsPoints() throws Exception {
		Document svg = parse(Picture.titled("t").panel(Panel.titled("p").line("x", x(0, 5, 10), x(0, 10, 5))));
		// 640 pixels wide from 80 on, 120 high from 70 on.
		assertThat(lines(svg)).containsExactly("M80.0 190.0h0L400.0 70.0L720.0 130.0");
	}

	@Test
	void stepsShouldKeepTheValueUntilTheNextPoint() throws Exception {
		Document svg = parse(Picture.titled("t").panel(Panel.titled("p").steps("x", x(0, 5, 10), x(0, 1, 1))));
		assertThat(lines(svg)).containsExactly("M80.0 190.0h0H400.0V70.0H720.0V70.0");
	}

	@Test
	void statesShouldHaveNames() throws Exception {
		Document svg = parse(Picture.titled("t")
			.panel(Panel.titled("p").states("out", "in").steps("x", x(0, 1), x(0, 1)).steps("y", x(0, 1), x(0, 1))));
		assertThat(texts(svg)).contains("out", "in");
		// Equal lines are drawn apart.
		assertThat(lines(svg)).doesNotHaveDuplicates();
	}

	@Test
	void missingValueShouldLeaveAGap() throws Exception {
		Document svg = parse(Picture.titled("t").panel(Panel.titled("p").line("x", x(0, 5, 10), x(1, Double.NaN, 1))));
		assertThat(lines(svg)).containsExactly("M80.0 70.0h0M720.0 70.0h0");
	}

	@Test
	void oneNameShouldHaveOneColour() throws Exception {
		Document svg = parse(Picture.titled("t")
			.panel(Panel.titled("p").line("a", x(0, 1), x(0, 1)).line("b", x(0, 1), x(0, 1)))
			.panel(Panel.titled("q").line("b", x(0, 1), x(0, 1))));
		NodeList paths = svg.getElementsByTagName("path");
		String colour = null;
		for (int i = 0; i < paths.getLength(); i++) {
			Element path = (Element) paths.item(i);
			if (path.getTextContent().equals("b")) {
				assertThat(path.getAttribute("stroke")).isEqualTo((colour != null) ? colour : "#d55e00");
				colour = path.getAttribute("stroke");
			}
		}
		assertThat(colour).isNotNull();
	}

	@Test
	void axisShouldEndAtARoundValue() {
		assertThat(Scale.linear(0.97).ticks()).containsExactly(0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0);
		assertThat(Scale.linear(1234).ticks()).containsExactly(0.0, 500.0, 1000.0, 1500.0);
		assertThat(Scale.linear(0).ticks()).startsWith(0.0).endsWith(1.0);
		assertThat(Scale.logarithmic(3, 700).ticks()).containsExactly(1.0, 10.0, 100.0, 1000.0);
	}

	@Test
	void nameWithCommaShouldBeQuoted() {
		assertThat(new Csv().column("lag, in time", x(1)).column("p99", x(2)).lines())
			.containsExactly("\"lag, in time\",p99", "1,2");
	}

	@Test
	void csvShouldLeaveMissingValuesEmpty() {
		assertThat(new Csv().column("second", x(0, 1)).column("p99", x(Double.NaN, 1.23456)).lines())
			.containsExactly("second,p99", "0,", "1,1.235");
	}

	@Test
	void columnsOfDifferentLengthsShouldBeRejected() {
		assertThatIllegalArgumentException().isThrownBy(() -> new Csv().column("a", x(0, 1)).column("b", x(0)))
			.withMessage("Column 'b' must have 2 values, but has 1");
	}

	private static double[] x(double... values) {
		return values;
	}

	private static Document parse(Picture picture) throws Exception {
		byte[] svg = picture.svg().getBytes(StandardCharsets.UTF_8);
		return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(svg));
	}

	private static List<String> lines(Document svg) {
		List<String> lines = new ArrayList<>();
		NodeList paths = svg.getElementsByTagName("path");
		for (int i = 0; i < paths.getLength(); i++) {
			Element path = (Element) paths.item(i);
			if (path.hasAttribute("stroke-linecap")) {
				lines.add(path.getAttribute("d"));
			}
		}
		return lines;
	}

	private static List<String> texts(Document svg) {
		List<String> texts = new ArrayList<>();
		NodeList nodes = svg.getElementsByTagName("text");
		for (int i = 0; i < nodes.getLength(); i++) {
			texts.add(nodes.item(i).getTextContent());
		}
		return texts;
	}

}

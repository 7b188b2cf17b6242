package io.github.eventloop.benchmarks;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import io.github.eventloop.benchmarks.Picture.Axis;
import io.github.eventloop.benchmarks.Picture.Panel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Picture}.
 */
class PictureTests {

	@Test
	void pictureShouldBeXmlWithALineInEveryPanel() throws Exception {
		Document svg = parse(new Picture("a < b & c", Panel.logarithmic("p99, ms").line("x", x(1, 1000, 0)),
				Panel.of("in service").line("x", x(1, 0, 1)).line("y", x(1, 1, 1)))
			.band(1, 2, "disturbance"));
		assertThat(svg.getDocumentElement().getElementsByTagName("title").item(0).getTextContent())
			.isEqualTo("a < b & c");
		assertThat(lines(svg)).hasSize(3);
		assertThat(texts(svg)).contains("disturbance", "p99, ms", "in service", "x", "y", "1 000", "seconds");
	}

	@Test
	void lineShouldGoThroughItsPoints() throws Exception {
		Document svg = parse(new Picture("t", Panel.of("p").line("x", x(0, 5, 10), x(0, 10, 5))));
		// 640 pixels wide from 80 on, 120 high from 70 on.
		assertThat(lines(svg)).containsExactly("M80.0 190.0h0L400.0 70.0L720.0 130.0");
	}

	@Test
	void statesShouldHaveNamesAndLastUntilTheNextPoint() throws Exception {
		Document svg = parse(new Picture("t", Panel.states("p", "out", "in").line("x", x(0, 1)).line("y", x(0, 1))));
		assertThat(texts(svg)).contains("out", "in");
		// Equal lines are drawn apart.
		assertThat(lines(svg)).containsExactly("M80.0 166.0h0H720.0V86.0", "M80.0 170.8h0H720.0V90.8");
	}

	@Test
	void missingValueShouldLeaveAGap() throws Exception {
		Document svg = parse(new Picture("t", Panel.of("p").line("x", x(0, 5, 10), x(1, Double.NaN, 1))));
		assertThat(lines(svg)).containsExactly("M80.0 70.0h0M720.0 70.0h0");
	}

	@Test
	void oneNameShouldHaveOneColour() throws Exception {
		Document svg = parse(new Picture("t", Panel.of("p").line("a", x(0, 1)).line("b", x(0, 1)),
				Panel.of("q").line("b", x(0, 1))));
		assertThat(elements(svg, "path").filter((path) -> path.getTextContent().equals("b"))).hasSize(2)
			.allSatisfy((path) -> assertThat(path.getAttribute("stroke")).isEqualTo("#d55e00"));
	}

	@Test
	void axisShouldEndAtARoundValue() {
		assertThat(Axis.linear(0.97).ticks()).containsExactly(0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0);
		assertThat(Axis.linear(1234).ticks()).containsExactly(0.0, 500.0, 1000.0, 1500.0);
		assertThat(Axis.linear(0).ticks()).startsWith(0.0).endsWith(1.0);
		assertThat(Axis.logarithmic(3, 700).ticks()).containsExactly(1.0, 10.0, 100.0, 1000.0);
	}

	@Test
	void dataShouldHaveARowForEachPoint() {
		assertThat(new Picture("t", Panel.of("lag, ms").line("a", x(1.23456, Double.NaN))).csv())
			.containsExactly("panel,line,second,value", "\"lag, ms\",\"a\",0.000,1.235", "\"lag, ms\",\"a\",1.000,");
	}

	@Test
	void lineWithoutAValueForEachPointShouldBeRejected() {
		assertThatIllegalArgumentException().isThrownBy(() -> Panel.of("p").line("b", x(0, 1), x(0)))
			.withMessage("'b' must have as many values as points, but has 1 and 2");
	}

	private static double[] x(double... values) {
		return values;
	}

	private static Document parse(Picture picture) throws Exception {
		byte[] svg = picture.svg().getBytes(StandardCharsets.UTF_8);
		return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(svg));
	}

	private static List<String> lines(Document svg) {
		return elements(svg, "path").filter((path) -> path.hasAttribute("stroke-linecap"))
			.map((path) -> path.getAttribute("d"))
			.toList();
	}

	private static List<String> texts(Document svg) {
		return elements(svg, "text").map(Element::getTextContent).toList();
	}

	private static Stream<Element> elements(Document svg, String name) {
		NodeList nodes = svg.getElementsByTagName(name);
		return IntStream.range(0, nodes.getLength()).mapToObj((i) -> (Element) nodes.item(i));
	}

}

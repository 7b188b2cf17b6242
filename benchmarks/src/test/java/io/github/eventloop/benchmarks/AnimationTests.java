package io.github.eventloop.benchmarks;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Animation}.
 */
class AnimationTests {

	@TempDir
	private Path directory;

	@Test
	void shouldShowEachPictureForItsTimeAndRepeat() throws IOException {
		Path file = this.directory.resolve("animation.gif");
		Animation animation = new Animation();
		animation.add(picture(0x336699), Duration.ofMillis(2500));
		animation.add(picture(0xcc2200), Duration.ofMillis(400));
		animation.write(file);
		ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
		try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
			reader.setInput(in);
			assertThat(reader.getNumImages(true)).isEqualTo(2);
			assertThat(reader.read(0).getRGB(5, 5)).isEqualTo(0xff336699);
			assertThat(reader.read(1).getRGB(5, 5)).isEqualTo(0xffcc2200);
			assertThat(attribute(reader, 0, "GraphicControlExtension", "delayTime")).isEqualTo("250");
			assertThat(attribute(reader, 1, "GraphicControlExtension", "delayTime")).isEqualTo("40");
			assertThat(attribute(reader, 0, "ApplicationExtension", "applicationID")).isEqualTo("NETSCAPE");
		}
		finally {
			reader.dispose();
		}
	}

	private static BufferedImage picture(int color) {
		BufferedImage picture = new BufferedImage(20, 10, BufferedImage.TYPE_INT_RGB);
		for (int x = 0; x < 20; x++) {
			for (int y = 0; y < 10; y++) {
				picture.setRGB(x, y, color);
			}
		}
		return picture;
	}

	private static String attribute(ImageReader reader, int frame, String extension, String name) throws IOException {
		IIOMetadataNode root = (IIOMetadataNode) reader.getImageMetadata(frame)
			.getAsTree("javax_imageio_gif_image_1.0");
		return ((IIOMetadataNode) root.getElementsByTagName(extension).item(0)).getAttribute(name);
	}

}

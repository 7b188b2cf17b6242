package io.github.eventloop.benchmarks;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;

import org.w3c.dom.Node;

/**
 * Pictures of the same size that follow each other endlessly. Not thread-safe.
 */
final class Animation {

	private static final String FORMAT = "javax_imageio_gif_image_1.0";

	/** Repeat endlessly. */
	private static final byte[] LOOP = { 1, 0, 0 };

	private final List<Frame> frames = new ArrayList<>();

	/** Add a picture, which is shown for some time. */
	void add(BufferedImage picture, Duration time) {
		this.frames.add(new Frame(picture, time));
	}

	/** Write the pictures as a GIF. */
	void write(Path file) throws IOException {
		ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
		try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
			writer.setOutput(out);
			writer.prepareWriteSequence(null);
			for (Frame frame : this.frames) {
				IIOMetadata metadata = writer
					.getDefaultImageMetadata(ImageTypeSpecifier.createFromRenderedImage(frame.picture), null);
				metadata.setFromTree(FORMAT, describe(frame, metadata.getAsTree(FORMAT)));
				writer.writeToSequence(new IIOImage(frame.picture, null, metadata), null);
			}
			writer.endWriteSequence();
		}
		finally {
			writer.dispose();
		}
	}

	private static IIOMetadataNode describe(Frame frame, Node defaults) {
		IIOMetadataNode root = (IIOMetadataNode) defaults;
		IIOMetadataNode control = (IIOMetadataNode) root.getElementsByTagName("GraphicControlExtension").item(0);
		control.setAttribute("disposalMethod", "none");
		control.setAttribute("delayTime", String.valueOf(frame.time.toMillis() / 10));
		IIOMetadataNode loop = new IIOMetadataNode("ApplicationExtension");
		loop.setAttribute("applicationID", "NETSCAPE");
		loop.setAttribute("authenticationCode", "2.0");
		loop.setUserObject(LOOP);
		IIOMetadataNode extensions = new IIOMetadataNode("ApplicationExtensions");
		extensions.appendChild(loop);
		root.appendChild(extensions);
		return root;
	}

	private record Frame(BufferedImage picture, Duration time) {
	}

}

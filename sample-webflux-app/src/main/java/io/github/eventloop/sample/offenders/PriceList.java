package io.github.eventloop.sample.offenders;

import java.io.BufferedOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

import io.github.eventloop.sample.catalog.Catalog;
import io.github.eventloop.sample.catalog.Product;

/**
 * Prices of the suppliers for each product: a file of 32 MB with lines of equal length.
 * Every start of the sample uses the same file, so that instances that are killed do not
 * fill the temporary directory.
 */
@Component
class PriceList {

	static final int SUPPLIERS = 5;

	private static final int LINE_LENGTH = 64;

	private final Path file;

	@Autowired
	PriceList(Catalog catalog) throws IOException {
		this(catalog, Path.of(System.getProperty("java.io.tmpdir")));
	}

	PriceList(Catalog catalog, Path directory) throws IOException {
		this.file = directory.resolve("eventloop-sample-price-list-" + System.getProperty("user.name") + ".csv");
		// Not truncated: all starts write the same bytes, and another instance may be
		// reading them.
		try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(this.file, StandardOpenOption.CREATE,
				StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))) {
			for (int supplier = 1; supplier <= SUPPLIERS; supplier++) {
				for (Product product : catalog.products()) {
					out.write(line(supplier, product));
				}
			}
		}
	}

	private static byte[] line(int supplier, Product product) {
		String line = supplier + "," + product.id() + "," + product.price() + ",EUR,each,in stock";
		return (line + " ".repeat(LINE_LENGTH - 1 - line.length()) + "\n").getBytes(StandardCharsets.US_ASCII);
	}

	/**
	 * Count the lines of the first suppliers. Does not buffer: each line is a read from
	 * the operating system.
	 * @param suppliers the number of suppliers, up to {@link #SUPPLIERS}
	 * @return the number of lines
	 * @throws IOException if the file cannot be read
	 */
	int countLines(int suppliers) throws IOException {
		int lines = 0;
		try (InputStream in = new FileInputStream(this.file.toFile())) {
			byte[] line = new byte[LINE_LENGTH];
			while (in.read(line) == LINE_LENGTH && line[0] - '0' <= suppliers) {
				lines++;
			}
		}
		return lines;
	}

}

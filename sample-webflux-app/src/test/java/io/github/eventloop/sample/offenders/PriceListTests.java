package io.github.eventloop.sample.offenders;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.eventloop.sample.catalog.Catalog;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PriceList}.
 */
class PriceListTests {

	private final Catalog catalog = new Catalog();

	@Test
	void whenStartedAgainShouldUseTheSameFile() throws IOException {
		PriceList first = new PriceList(this.catalog);
		Set<Path> files = temporaryFiles();
		PriceList second = new PriceList(this.catalog);
		assertThat(temporaryFiles()).isEqualTo(files).hasSize(1);
		assertThat(first.countLines(2)).isEqualTo(second.countLines(2)).isEqualTo(2 * Catalog.SIZE);
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, 63, 1_000_000 })
	void whenLastStartWasKilledShouldCompleteTheFile(long written) throws IOException {
		new PriceList(this.catalog);
		try (FileChannel file = FileChannel.open(PriceList.FILE, StandardOpenOption.WRITE)) {
			file.truncate(written);
		}
		assertThat(new PriceList(this.catalog).countLines(PriceList.SUPPLIERS))
			.isEqualTo(PriceList.SUPPLIERS * Catalog.SIZE);
	}

	private static Set<Path> temporaryFiles() throws IOException {
		try (Stream<Path> files = Files.list(PriceList.FILE.getParent())) {
			return files.filter((file) -> file.getFileName().toString().startsWith("eventloop-sample-"))
				.collect(Collectors.toSet());
		}
	}

}

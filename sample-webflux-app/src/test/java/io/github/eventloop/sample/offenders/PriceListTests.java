package io.github.eventloop.sample.offenders;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.eventloop.sample.catalog.Catalog;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PriceList}.
 */
class PriceListTests {

	private final Catalog catalog = new Catalog();

	@TempDir
	private Path directory;

	@Test
	void whenStartedAgainShouldUseTheSameFile() throws IOException {
		PriceList first = start();
		Path file = file();
		PriceList second = start();
		assertThat(file()).isEqualTo(file);
		assertThat(first.countLines(2)).isEqualTo(second.countLines(2)).isEqualTo(2 * Catalog.SIZE);
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, 63, 1_000_000 })
	void whenLastStartWasKilledShouldCompleteTheFile(long written) throws IOException {
		start();
		try (FileChannel file = FileChannel.open(file(), StandardOpenOption.WRITE)) {
			file.truncate(written);
		}
		assertThat(start().countLines(PriceList.SUPPLIERS)).isEqualTo(PriceList.SUPPLIERS * Catalog.SIZE);
	}

	private PriceList start() throws IOException {
		return new PriceList(this.catalog, this.directory);
	}

	private Path file() throws IOException {
		try (Stream<Path> files = Files.list(this.directory)) {
			List<Path> all = files.toList();
			assertThat(all).hasSize(1);
			return all.get(0);
		}
	}

}

package io.github.eventloop.junit;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.jar.JarFile;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the content of the jar. Runs when the jar is built, with the jar on the class
 * path.
 */
class JarIT {

	private static Path path;

	@BeforeAll
	static void find() throws URISyntaxException {
		path = Path.of(EventLoopExtension.class.getProtectionDomain().getCodeSource().getLocation().toURI());
		assertThat(path.toString()).endsWith(".jar");
	}

	@Test
	void shouldBeAModuleWithOnePackage() {
		ModuleDescriptor module = ModuleFinder.of(path).find("io.github.eventloop.test").orElseThrow().descriptor();
		assertThat(module.packages()).containsExactly("io.github.eventloop.junit");
	}

	@Test
	void shouldContainTheLicense() throws IOException {
		try (JarFile jar = new JarFile(path.toFile());
				InputStream license = jar.getInputStream(jar.getEntry("META-INF/LICENSE"))) {
			assertThat(new String(license.readAllBytes(), StandardCharsets.UTF_8)).contains("Apache License",
					"Version 2.0");
		}
	}

}

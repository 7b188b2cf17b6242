package io.github.eventloop.documentation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Document of one of the files in {@code docs/kubernetes}.
 *
 * @param file the name of its file
 * @param content its content
 */
record Manifest(String file, JsonNode content) {

	static final Path DIRECTORY = Path.of("..", "docs", "kubernetes");

	private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

	static Stream<Manifest> all() throws IOException {
		return files().stream().flatMap((file) -> {
			try {
				return parse(Files.readString(DIRECTORY.resolve(file))).map((content) -> new Manifest(file, content));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
	}

	static List<String> files() throws IOException {
		try (Stream<Path> files = Files.list(DIRECTORY)) {
			return files.map((file) -> file.getFileName().toString())
				.filter((name) -> name.endsWith(".yaml"))
				.sorted()
				.toList();
		}
	}

	static Manifest of(String kind) throws IOException {
		return all().filter((manifest) -> manifest.kind().equals(kind)).findFirst().orElseThrow();
	}

	/** Parse each document of a text in YAML. A duplicate key is an error. */
	static Stream<JsonNode> parse(String yaml) {
		LoaderOptions options = new LoaderOptions();
		options.setAllowDuplicateKeys(false);
		Iterable<Object> documents = new Yaml(new SafeConstructor(options)).loadAll(yaml);
		return StreamSupport.stream(documents.spliterator(), false)
			.map((document) -> JsonMapper.shared().<JsonNode>valueToTree(document));
	}

	String kind() {
		return this.content.path("kind").asString();
	}

	/** Return the value at a JSON pointer. */
	JsonNode at(String pointer) {
		return this.content.at(pointer);
	}

	/** Return the violations of the schema of its kind. */
	List<String> problems() throws IOException {
		String schema = "/kubernetes/" + kind() + ".json";
		try (InputStream resource = Manifest.class.getResourceAsStream(schema)) {
			if (resource == null) {
				return List.of("kind: there is no schema " + schema);
			}
			Schema known = SCHEMAS.getSchema(JsonMapper.shared().readTree(resource));
			return known.validate(this.content).stream().map(Error::toString).toList();
		}
	}

	@Override
	public String toString() {
		return kind() + " in " + this.file;
	}

}

package io.github.eventloop.benchmarks.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.eventloop.benchmarks.ChildProcess;
import io.github.eventloop.benchmarks.Command;
import io.github.eventloop.benchmarks.Program;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Release of a copy of this project, as a maintainer and the workflow make it: with the
 * scripts in {@code .ci}, a remote repository in a directory, a key of its own, and a
 * {@link Portal}.
 */
final class Rehearsal {

	static final String NEXT = "99.0.0";

	/** What Maven has downloaded so far. */
	static final Path USUAL = Path.of(System.getProperty("user.home"), ".m2/repository");

	private final Path directory;

	private final String group;

	private final String version;

	Rehearsal(Path directory) throws IOException {
		this.directory = directory;
		Matcher parent = Pattern.compile("<groupId>(.+)</groupId>[^~]*?<version>(.+)-SNAPSHOT</version>")
			.matcher(Files.readString(Program.ROOT.resolve("starter/pom.xml")));
		assertThat(parent.find()).isTrue();
		this.group = parent.group(1);
		this.version = parent.group(2);
	}

	/** Return the version that is released. */
	String version() {
		return this.version;
	}

	/** Return the project in which the release is made. */
	Path project() {
		return this.directory.resolve("project");
	}

	/** Return what was published, as a Maven repository. */
	Path repository() {
		return this.directory.resolve("repository");
	}

	/** Return the directories of all published artifacts. */
	Path artifacts() {
		return repository().resolve(this.group.replace('.', '/'));
	}

	/** Return a published file of an artifact. */
	Path published(String artifact, String suffix) {
		return artifacts().resolve("%1$s/%2$s/%1$s-%2$s%3$s".formatted(artifact, this.version, suffix));
	}

	void release() throws IOException {
		copyProject();
		run("git", "init", "-q", "--bare", "-b", "main", this.directory.resolve("origin").toString());
		git("init", "-q", "-b", "main");
		git("config", "user.name", "Rehearsal");
		git("config", "user.email", "rehearsal@example.org");
		git("remote", "add", "origin", this.directory.resolve("origin").toString());
		git("add", "-A");
		git("commit", "-q", "-m", "Start");
		run(project().resolve(".ci/release").toString(), this.version, NEXT);
	}

	/** Publish what is tagged, from a checkout of its own. */
	void publish() throws IOException {
		Path checkout = this.directory.resolve("checkout");
		run("git", "-c", "advice.detachedHead=false", "clone", "-q", "--branch", "v" + this.version,
				this.directory.resolve("origin").toString(), checkout.toString());
		gpg("--quick-generate-key", "Rehearsal <rehearsal@example.org>", "rsa3072", "sign", "never");
		String key = gpg("--armor", "--export-secret-keys");
		try (Portal portal = new Portal(repository());
				ChildProcess publish = ChildProcess.start("publish", this.directory,
						List.of("env", "SIGNING_KEY=" + key, "CENTRAL_TOKEN=" + Portal.TOKEN,
								"JAVA_HOME=" + System.getProperty("java.home"),
								checkout.resolve(".ci/publish").toString(), "-Dmaven.test.skip",
								"-DcentralBaseUrl=" + portal.url()))) {
			publish.await("^\\[INFO\\] BUILD SUCCESS", Duration.ofMinutes(12));
		}
	}

	/**
	 * Start Maven with the published artifacts. Its local repository is a new one, which
	 * takes what the usual one has from there.
	 */
	ChildProcess maven(Path project, String... arguments) throws IOException {
		Path settings = this.directory.resolve("settings.xml");
		Files.writeString(settings, settings());
		return ChildProcess.start("maven-" + project.getFileName(), this.directory,
				Stream.concat(Stream.of("env", "--chdir=" + project, "JAVA_HOME=" + System.getProperty("java.home"),
						Program.path("mvn"), "-B", "-ntp", "-gs", settings.toString(),
						"-Dmaven.repo.local=" + this.directory.resolve("m2")), Stream.of(arguments))
					.toList());
	}

	private String settings() {
		return """
				<settings><activeProfiles><activeProfile>rehearsal</activeProfile></activeProfiles>
				<profiles><profile><id>rehearsal</id>
				<repositories>
				<repository><id>published</id><url>%1$s</url></repository>
				<repository><id>usual</id><url>%2$s</url>%3$s</repository>
				</repositories>
				<pluginRepositories>
				<pluginRepository><id>usual</id><url>%2$s</url>%3$s</pluginRepository>
				</pluginRepositories>
				</profile></profiles></settings>
				""".formatted(repository().toUri(), USUAL.toUri(),
				"<releases><checksumPolicy>ignore</checksumPolicy></releases>");
	}

	String git(String... arguments) {
		return run(Stream.concat(Stream.of("git", "-C", project().toString()), Stream.of(arguments))
			.toArray(String[]::new));
	}

	/** Run GnuPG, with a home directory of its own. */
	String gpg(String... arguments) throws IOException {
		Path home = Files.createDirectories(this.directory.resolve("gpg"));
		assertThat(home.toFile().setReadable(false, false) && home.toFile().setReadable(true, true)).isTrue();
		return run(Stream
			.concat(Stream.of("env", "GNUPGHOME=" + home, Program.path("gpg"), "-q", "--batch",
					"--no-permission-warning", "--passphrase", ""), Stream.of(arguments))
			.toArray(String[]::new));
	}

	/** End the daemon that GnuPG starts. */
	void end() {
		run("env", "GNUPGHOME=" + this.directory.resolve("gpg"), "gpgconf", "--kill", "all");
	}

	/** Including what is not committed yet. */
	private void copyProject() throws IOException {
		Command files = Command.run(this.directory, "", List.of("git", "-C", Program.ROOT.toString(), "ls-files",
				"--cached", "--others", "--exclude-standard"));
		for (String file : files.output().lines().toList()) {
			Path copy = project().resolve(file);
			if (Files.exists(Program.ROOT.resolve(file))) {
				Files.createDirectories(copy.getParent());
				Files.copy(Program.ROOT.resolve(file), copy, StandardCopyOption.COPY_ATTRIBUTES);
			}
		}
	}

	private String run(String... command) {
		Command result = Command.run(this.directory, "", List.of(command));
		assertThat(result.status()).as("%s: %s", List.of(command), result.output()).isZero();
		return result.output();
	}

}

package io.github.eventloop.benchmarks.release;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.netty.util.Version;
import org.springframework.boot.SpringBootVersion;

import io.github.eventloop.benchmarks.ChildProcess;
import io.github.eventloop.benchmarks.Command;
import io.github.eventloop.benchmarks.Program;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that has nothing in common with this project, and gets the library as
 * its users do: with the BOM, from the repository of a {@link Rehearsal}.
 */
final class OutsideProject {

	private static final String POM = """
			<project xmlns="http://maven.apache.org/POM/4.0.0">
				<modelVersion>4.0.0</modelVersion>
				<groupId>com.example</groupId>
				<artifactId>outside</artifactId>
				<version>1</version>
				<properties>
					<maven.compiler.release>17</maven.compiler.release>
					<project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
				</properties>
				<dependencyManagement>
					<dependencies>
						<dependency>
							<groupId>io.github.eventloop</groupId>
							<artifactId>eventloop-bom</artifactId>
							<version>%s</version>
							<type>pom</type>
							<scope>import</scope>
						</dependency>
						<dependency>
							<groupId>io.netty</groupId>
							<artifactId>netty-bom</artifactId>
							<version>%s</version>
							<type>pom</type>
							<scope>import</scope>
						</dependency>
						<dependency>
							<groupId>org.springframework.boot</groupId>
							<artifactId>spring-boot-dependencies</artifactId>
							<version>%s</version>
							<type>pom</type>
							<scope>import</scope>
						</dependency>
					</dependencies>
				</dependencyManagement>
				<dependencies>
					<dependency>
						<groupId>org.springframework.boot</groupId>
						<artifactId>spring-boot-starter-webflux</artifactId>
					</dependency>
					<dependency>
						<groupId>io.github.eventloop</groupId>
						<artifactId>eventloop-spring-boot-starter</artifactId>
					</dependency>
					<dependency>
						<groupId>io.github.eventloop</groupId>
						<artifactId>eventloop-spring-boot-test</artifactId>
						<scope>test</scope>
					</dependency>
				</dependencies>
			</project>
			""";

	private static final String GRADLE = """
			apply plugin: 'java'

			repositories {
				maven { url = '%s' }
				maven { url = '%s' }
			}

			dependencies {
				implementation platform('io.github.eventloop:eventloop-bom:%s')
				implementation enforcedPlatform('io.netty:netty-bom:%s')
				implementation platform('org.springframework.boot:spring-boot-dependencies:%s')
				implementation 'org.springframework.boot:spring-boot-starter-webflux'
				implementation 'io.github.eventloop:eventloop-spring-boot-starter'
				testImplementation 'io.github.eventloop:eventloop-spring-boot-test'
			}
			""";

	private static final String APPLICATION = """
			package com.example;

			import io.github.eventloop.monitor.EventLoopMonitor;
			import org.springframework.boot.SpringApplication;
			import org.springframework.boot.autoconfigure.SpringBootApplication;

			@SpringBootApplication
			public class Outside {

				public static void main(String[] arguments) {
					SpringApplication.run(Outside.class, arguments);
					System.out.println("eventloop " + EventLoopMonitor.class.getPackage().getImplementationVersion());
				}

			}
			""";

	private static final String TEST = """
			package com.example;

			import io.github.eventloop.junit.FailOnEventLoopStall;

			@FailOnEventLoopStall
			class OutsideTests {

			}
			""";

	private final Rehearsal rehearsal;

	private final Path directory;

	OutsideProject(Rehearsal rehearsal, Path directory) throws IOException {
		this.rehearsal = rehearsal;
		this.directory = directory;
		// As in this build, which cannot resolve the version of Netty that Spring Boot
		// manages.
		String netty = Version.identify().get("netty-common").artifactVersion();
		String boot = SpringBootVersion.getVersion();
		write("pom.xml", POM.formatted(rehearsal.version(), netty, boot));
		write("build.gradle", GRADLE.formatted(rehearsal.repository().toUri(), Rehearsal.USUAL.toUri(),
				rehearsal.version(), netty, boot));
		write("src/main/java/com/example/Outside.java", APPLICATION);
		write("src/test/java/com/example/OutsideTests.java", TEST);
	}

	private void write(String name, String content) throws IOException {
		Path file = this.directory.resolve(name);
		Files.createDirectories(file.getParent());
		Files.writeString(file, content);
	}

	/** Compile the application and its test with Maven, and return the class path. */
	String buildWithMaven() throws IOException {
		try (ChildProcess build = this.rehearsal.maven(this.directory,
				"org.apache.maven.plugins:maven-compiler-plugin:3.14.1:compile",
				"org.apache.maven.plugins:maven-compiler-plugin:3.14.1:testCompile",
				"org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath", "-DincludeScope=runtime",
				"-Dmdep.outputFile=" + this.directory.resolve("class-path"))) {
			build.await("^\\[INFO\\] BUILD SUCCESS", Duration.ofMinutes(5));
		}
		return this.directory.resolve("target/classes") + File.pathSeparator
				+ Files.readString(this.directory.resolve("class-path"));
	}

	/**
	 * Compile the application and its test with what Gradle resolves, and return the
	 * class path.
	 */
	String buildWithGradle() throws IOException {
		String classes = this.directory.resolve("build/classes").toString();
		String test = Gradle.resolve(this.directory, "testRuntimeClasspath");
		Command compiler = Command.run(this.directory, "", List.of(Program.jdk("javac"), "-d", classes, "-cp", test,
				"src/main/java/com/example/Outside.java", "src/test/java/com/example/OutsideTests.java"));
		assertThat(compiler.status()).as(compiler.output()).isZero();
		return classes + File.pathSeparator + Gradle.resolve(this.directory, "runtimeClasspath");
	}

	/** Start the application. */
	ChildProcess start(String classPath) {
		return ChildProcess.start("outside", this.directory, List.of(Program.jdk("java"), "-cp", classPath,
				"com.example.Outside", "--server.port=0", "--server.address=127.0.0.1"));
	}

}

package io.github.eventloop.blocking.internal;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.SpringAsmInfo;

import io.github.eventloop.stall.internal.stack.PackageNames;

/**
 * The source files of classes, as their class files name them: a recording of JDK Flight
 * Recorder contains no names of files.
 * <p>
 * Not thread-safe: used by the thread that reads the recording.
 */
final class SourceFiles {

	private static final int MAX_CLASSES = 1000;

	private final @Nullable ClassLoader classLoader;

	private final Map<String, String> known = new LinkedHashMap<>() {

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
			return size() > MAX_CLASSES;
		}

	};

	/**
	 * Create an instance.
	 * @param classLoader the class loader of the application
	 */
	SourceFiles(@Nullable ClassLoader classLoader) {
		this.classLoader = classLoader;
	}

	/**
	 * Return the source file of a class.
	 * @param className the name of the class
	 * @return the name of the file; if there is no class file, because the class was
	 * generated, the one that its name suggests
	 */
	String of(String className) {
		// No line of the JDK is a culprit.
		return PackageNames.isJdk(className) ? derived(className)
				: this.known.computeIfAbsent(className, this::readOrDerive);
	}

	private String readOrDerive(String className) {
		String resource = className.replace('.', '/') + ".class";
		try (InputStream content = (this.classLoader != null) ? this.classLoader.getResourceAsStream(resource)
				: ClassLoader.getSystemResourceAsStream(resource)) {
			String file = (content != null) ? read(new ClassReader(content)) : null;
			return (file != null) ? file : derived(className);
		}
		// Thrown for a class file that is invalid, or newer than the reader.
		catch (IOException | RuntimeException ex) {
			return derived(className);
		}
	}

	private static @Nullable String read(ClassReader reader) {
		String[] file = new String[1];
		reader.accept(new ClassVisitor(SpringAsmInfo.ASM_VERSION) {

			@Override
			public void visitSource(@Nullable String source, @Nullable String debug) {
				file[0] = source;
			}

		}, ClassReader.SKIP_CODE);
		return file[0];
	}

	/**
	 * Return the likely source file of a class: that of the outermost class.
	 * @param className the name of the class
	 * @return the name of the file
	 */
	private static String derived(String className) {
		String simpleName = className.substring(className.lastIndexOf('.') + 1);
		int nested = simpleName.indexOf('$', 1);
		String outermost = (nested > 0) ? simpleName.substring(0, nested) : simpleName;
		return outermost.endsWith("Kt") ? outermost.substring(0, outermost.length() - 2) + ".kt" : outermost + ".java";
	}

}

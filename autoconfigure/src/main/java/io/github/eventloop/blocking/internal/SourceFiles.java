package io.github.eventloop.blocking.internal;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Finds the source files of classes. A recording does not contain them, so they are read
 * from the class files. Caches as many as the stacks of an application need.
 * <p>
 * Not thread-safe.
 */
final class SourceFiles {

	private static final int CAPACITY = 2000;

	private static final String UNKNOWN = "";

	private final ClassLoader loader;

	private final Map<String, String> files = new LinkedHashMap<>(16, 0.75f, true) {

		private static final long serialVersionUID = 1;

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
			return size() > CAPACITY;
		}

	};

	/**
	 * Create an empty cache.
	 * @param loader the class loader of the application
	 */
	SourceFiles(ClassLoader loader) {
		this.loader = loader;
	}

	/**
	 * Return the source file of a class.
	 * @param className the name of the class
	 * @return the name of the file, or {@code null} if it is not known
	 */
	@Nullable String of(String className) {
		String file = this.files.get(className);
		if (file == null) {
			file = find(className);
			this.files.put(className, file);
		}
		return file.equals(UNKNOWN) ? null : file;
	}

	private String find(String className) {
		try (InputStream content = this.loader.getResourceAsStream(className.replace('.', '/') + ".class")) {
			return (content != null) ? read(new DataInputStream(new BufferedInputStream(content))) : UNKNOWN;
		}
		catch (IOException | RuntimeException ex) {
			return UNKNOWN;
		}
	}

	/** See chapter 4 of the Java Virtual Machine Specification. */
	private static String read(DataInputStream in) throws IOException {
		in.skipNBytes(8);
		String[] texts = readTexts(in);
		in.skipNBytes(6);
		in.skipNBytes(2L * in.readUnsignedShort());
		skipMembers(in);
		skipMembers(in);
		for (int left = in.readUnsignedShort(); left > 0; left--) {
			boolean found = "SourceFile".equals(texts[in.readUnsignedShort()]);
			int length = in.readInt();
			if (found) {
				return texts[in.readUnsignedShort()];
			}
			in.skipNBytes(length);
		}
		return UNKNOWN;
	}

	private static String[] readTexts(DataInputStream in) throws IOException {
		String[] texts = new String[in.readUnsignedShort()];
		for (int i = 1; i < texts.length; i++) {
			texts[i] = UNKNOWN;
			int tag = in.readUnsignedByte();
			switch (tag) {
				case 1 -> {
					texts[i] = in.readUTF();
				}
				case 7, 8, 16, 19, 20 -> in.skipNBytes(2);
				case 15 -> in.skipNBytes(3);
				case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4);
				case 5, 6 -> {
					in.skipNBytes(8);
					// These take two entries of the constant pool.
					i++;
				}
				default -> throw new IOException("Unknown tag in the constant pool of a class file: " + tag);
			}
		}
		return texts;
	}

	private static void skipMembers(DataInputStream in) throws IOException {
		for (int members = in.readUnsignedShort(); members > 0; members--) {
			in.skipNBytes(6);
			for (int attributes = in.readUnsignedShort(); attributes > 0; attributes--) {
				in.skipNBytes(2);
				in.skipNBytes(in.readInt());
			}
		}
	}

}

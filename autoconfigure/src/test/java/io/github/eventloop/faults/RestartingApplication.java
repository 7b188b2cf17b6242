package io.github.eventloop.faults;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import reactor.core.scheduler.Schedulers;

/**
 * Program that starts and closes an application repeatedly, each time with new classes,
 * as devtools do, and prints what is left of it. Runs in a JVM of its own.
 */
public final class RestartingApplication {

	/** Property with the name prefix of the classes that are reloaded each time. */
	static final String RESTARTED = "restarted";

	static final int RESTARTS = 50;

	/** Number of restarts after which everything that is loaded once is loaded. */
	static final int WARM = 10;

	private RestartingApplication() {
	}

	/**
	 * Run all restarts.
	 * @param args none
	 */
	public static void main(String[] args) throws Exception {
		List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
		for (int i = 1; i <= RESTARTS; i++) {
			loaders.add(restart());
			if (i == WARM || i == RESTARTS) {
				// The schedulers' threads keep the class loader with which they started.
				Schedulers.shutdownNow();
				System.out.printf("AFTER %d RESTARTS kept %d heap %d metaspace %d threads %d%n", i, kept(loaders),
						used(MemoryType.HEAP, ""), used(MemoryType.NON_HEAP, "Metaspace"),
						ManagementFactory.getThreadMXBean().getThreadCount());
			}
		}
		// Does not wait for threads that other libraries left behind.
		Runtime.getRuntime().halt(0);
	}

	private static WeakReference<ClassLoader> restart() throws Exception {
		ClassLoader before = Thread.currentThread().getContextClassLoader();
		try (Restarted loader = new Restarted(before)) {
			Thread.currentThread().setContextClassLoader(loader);
			Class<?> application = loader.loadClass(FaultyApplication.class.getName());
			if (application == FaultyApplication.class) {
				throw new IllegalStateException("not restarted");
			}
			application.getMethod("visit").invoke(null);
			return new WeakReference<>(loader);
		}
		finally {
			Thread.currentThread().setContextClassLoader(before);
		}
	}

	/**
	 * Return the number of class loaders that are still reachable. Reactor Netty keeps
	 * the resources that were used last until they are replaced, and another class loader
	 * may be that of a thread that has not ended yet.
	 */
	private static int kept(List<WeakReference<ClassLoader>> loaders) throws InterruptedException {
		int kept = loaders.size();
		for (int i = 0; i < 50 && kept > 2; i++) {
			System.gc();
			Thread.sleep(100); // for threads to end, and for references to be cleared
			kept = (int) loaders.stream().filter((loader) -> !loader.refersTo(null)).count();
		}
		return kept;
	}

	private static long used(MemoryType type, String name) {
		return ManagementFactory.getMemoryPoolMXBeans()
			.stream()
			.filter((pool) -> pool.getType() == type && pool.getName().contains(name))
			.map(MemoryPoolMXBean::getUsage)
			.mapToLong((usage) -> usage.getUsed() / 1024)
			.sum();
	}

	/**
	 * Class loader that loads classes from directories, which are those under
	 * development.
	 */
	private static final class Restarted extends URLClassLoader {

		private final String prefix = System.getProperty(RESTARTED);

		Restarted(ClassLoader parent) throws IOException {
			super(directories(), parent);
		}

		private static URL[] directories() throws MalformedURLException {
			List<URL> directories = new ArrayList<>();
			for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
				if (Files.isDirectory(Path.of(entry))) {
					directories.add(Path.of(entry).toUri().toURL());
				}
			}
			return directories.toArray(URL[]::new);
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			synchronized (getClassLoadingLock(name)) {
				Class<?> loaded = findLoadedClass(name);
				if (loaded == null && name.startsWith(this.prefix)) {
					loaded = findClass(name);
				}
				return (loaded != null) ? loaded : super.loadClass(name, resolve);
			}
		}

	}

}

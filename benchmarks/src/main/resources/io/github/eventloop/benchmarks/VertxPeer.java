import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

/**
 * A Vert.x event loop that is disturbed once, while another thread reads the log of the
 * blocked thread checker, which checks once a second and warns after two seconds by
 * default.
 */
class VertxPeer {

	public static void main(String[] arguments) throws Exception {
		PrintStream out = System.out;
		ByteArrayOutputStream log = new ByteArrayOutputStream();
		System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
		Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
		Context context = vertx.getOrCreateContext();
		context.runOnContext((ready) -> {
		});
		Thread.sleep(3_000);
		log.reset();
		String disturbance = arguments[0];
		String during = "";
		long millis = disturbance.startsWith("stall-") ? Long.parseLong(disturbance.substring(6)) : 500;
		if (disturbance.equals("pause")) {
			long pid = ProcessHandle.current().pid();
			new ProcessBuilder("sh", "-c", "kill -STOP %1$d; sleep 1; kill -CONT %1$d".formatted(pid)).start();
			Thread.sleep(1_000);
		}
		else {
			if (disturbance.equals("flood")) {
				for (int i = 0; i < 5_000; i++) {
					context.runOnContext((task) -> block(100_000));
				}
			}
			else {
				context.runOnContext((task) -> block(millis * 1_000_000));
			}
			Thread.sleep(millis / 2);
			during = text(log);
			Thread.sleep(millis / 2);
		}
		Thread.sleep(1_000);
		out.println("{\"during\":\"%s\",\"after\":\"%s\"}".formatted(during, text(log)));
		System.exit(0);
	}

	private static void block(long nanos) {
		long end = System.nanoTime() + nanos;
		while (System.nanoTime() - end < 0) {
			Thread.onSpinWait();
		}
	}

	private static String text(ByteArrayOutputStream log) {
		String[] warnings = log.toString(StandardCharsets.UTF_8)
			.lines()
			.filter((line) -> line.contains("has been blocked for"))
			.toArray(String[]::new);
		if (warnings.length == 0) {
			return "nothing";
		}
		String last = warnings[warnings.length - 1];
		return warnings.length + " x '… " + last.substring(last.indexOf("has been"), last.indexOf(" ms", last.indexOf("for")) + 3) + "'";
	}

}

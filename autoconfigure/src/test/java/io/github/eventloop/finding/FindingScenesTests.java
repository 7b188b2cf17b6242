package io.github.eventloop.finding;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.github.eventloop.health.HealthSettings;
import io.github.eventloop.monitor.MonitoredLoop;
import io.github.eventloop.stall.FieldCode;
import io.github.eventloop.stall.FieldCode.Work;
import io.github.eventloop.stall.Provocation;
import io.github.eventloop.stall.StallRig;

/**
 * Tests that real event loops that are stalled in a known way have the expected findings,
 * and no others: the kinds of stalls, the public reports that can be provoked, pairs of
 * both on different loops, and scenes in which nothing is wrong.
 */
class FindingScenesTests {

	private static final long STALL_MILLIS = 220;

	/** On a busy machine, these are right, but not part of the scene. */
	private static final Set<String> OF_THE_MACHINE = Set.of("starved-node", "starved-by-own-threads", "cpu-limit",
			"paused-process");

	private static final int MAX_ATTEMPTS = 4;

	private static final List<Scene> SCENES = List.of(scene(Provocation.SLEEP, "blocking-call"),
			scene(Provocation.SOCKET_READ, "blocking-call"), scene(Provocation.FILE_READ, "blocking-call"),
			scene(Provocation.PIPE_READ, "blocking-call"), scene(Provocation.FUTURE_GET, "blocking-call"),
			scene(Provocation.QUEUE_TAKE, "blocking-call"), scene(Provocation.REENTRANT_LOCK, "lock-contention"),
			scene(Provocation.SYNCHRONIZED, "lock-contention"), scene(Provocation.SPIN, "computing"),
			scene(Provocation.TASKS, "many-short-tasks"),
			scene("blocking HTTP client", FieldCode::restClient, "blocking-call"),
			scene("HTTP client of the JDK", FieldCode::httpClient, "blocking-call"),
			scene("permit", FieldCode::semaphore, "blocking-call"),
			scene("value that another thread computes", FieldCode::cacheThatLoads, "lock-contention"),
			scene("loader that blocks", FieldCode::cacheLoader, "blocking-call"),
			scene("process", FieldCode::process, "blocking-call"),
			scene("log into a full pipe", FieldCode::logIntoFullPipe, "slow-logging"),
			scene("random ids", FieldCode::randomIds, "computing"),
			scene("password hash", FieldCode::hashPassword, "computing"),
			scene("huge JSON", FieldCode::hugeJson, "computing"), scene("scrape", FieldCode::scrape, "computing"),
			scene("pattern", FieldCode::catastrophicPattern, "computing"),
			scene("busy-looping emission", FieldCode::busyLoopingEmission, "computing"),
			scene("sleep and computation", scene(Provocation.SLEEP, "blocking-call"),
					scene(Provocation.SPIN, "computing")),
			scene("sleep and many tasks", scene(Provocation.SLEEP, "blocking-call"),
					scene(Provocation.TASKS, "many-short-tasks")),
			scene("log and socket", scene("log", FieldCode::logIntoFullPipe, "slow-logging"),
					scene(Provocation.SOCKET_READ, "blocking-call")),
			scene("computation and log", scene(Provocation.SPIN, "computing"),
					scene("log", FieldCode::logIntoFullPipe, "slow-logging")),
			scene("nothing", FindingScenesTests::doNothing), scene("short pauses", FieldCode::shortPause),
			scene("fair lock", FieldCode::fairLock), scene("block() that is rejected", FieldCode::blockThatIsRejected),
			new Scene("one short stall", List.of(once(() -> Thread.sleep(120))), List.of()),
			scene(Provocation.COLLECT, "garbage-collection"),
			scene("collections and lock", scene(Provocation.COLLECT, "garbage-collection"),
					scene(Provocation.SYNCHRONIZED, "lock-contention")));

	@Test
	@Timeout(value = 5, unit = TimeUnit.MINUTES)
	void stalledLoopsShouldHaveExpectedFindingsOnly() throws Exception {
		Evaluation evaluation = new Evaluation("Stalled loops");
		try (StallRig rig = new StallRig(2); FindingDetector detector = detector(rig)) {
			for (Scene scene : SCENES) {
				List<String> found = play(scene, rig, detector);
				for (int i = 1; i < MAX_ATTEMPTS && isDisturbed(scene, found); i++) {
					found = play(scene, rig, detector);
				}
				found.removeIf(OF_THE_MACHINE::contains);
				evaluation.add(scene.name(), scene.expected(), found);
			}
		}
		evaluation.assertGood();
	}

	/** Collections pause the process for so long that the next scenes would show it. */
	private static List<String> play(Scene scene, StallRig rig, FindingDetector detector) throws Exception {
		if (!scene.expected().contains("garbage-collection")) {
			return scene.play(rig, detector);
		}
		try (StallRig own = new StallRig(2); FindingDetector ownDetector = detector(own)) {
			return scene.play(own, ownDetector);
		}
	}

	/** On a busy machine, a stall may be due to starvation, or be missed. */
	private static boolean isDisturbed(Scene scene, List<String> found) {
		return !found.containsAll(scene.expected());
	}

	private static FindingDetector detector(StallRig rig) {
		ProcessFacts facts = new ProcessFacts(Runtime.getRuntime().availableProcessors(), Instant.EPOCH, false, null,
				null, Map.of());
		return new FindingDetector(rig.monitor(), rig.detector(), null, HealthSettings.DEFAULT, () -> null,
				() -> facts);
	}

	private static Scene scene(Provocation kind, String expected) {
		return new Scene(kind.toString(), List.of((loop) -> {
			for (int i = 0; i < 3; i++) {
				kind.provoke(loop, STALL_MILLIS);
				// Twice, to wait for the tasks that the first task starts, too.
				run(loop, FindingScenesTests::doNothing);
				run(loop, FindingScenesTests::doNothing);
			}
		}), List.of(expected));
	}

	private static Scene scene(String name, Work code, String... expected) {
		return new Scene(name, List.of((loop) -> {
			// The first use of a library is a separate case.
			code.run();
			run(loop, code);
		}), List.of(expected));
	}

	private static Scene scene(String name, Scene first, Scene second) {
		return new Scene(name, List.of(first.acts().get(0), second.acts().get(0)),
				List.of(first.expected().get(0), second.expected().get(0)));
	}

	private static void doNothing() {
	}

	private static Act once(Work code) {
		return (loop) -> run(loop, code);
	}

	private static void run(MonitoredLoop loop, Work code) throws Exception {
		CompletableFuture<Void> done = new CompletableFuture<>();
		loop.execute(() -> {
			try {
				code.run();
				done.complete(null);
			}
			catch (Throwable ex) {
				done.completeExceptionally(ex);
			}
		});
		done.get(1, TimeUnit.MINUTES);
	}

	/**
	 * What happens on the loops, each act on a loop of its own.
	 *
	 * @param name a short description
	 * @param acts the acts
	 * @param expected the ids of the expected findings
	 */
	private record Scene(String name, List<Act> acts, List<String> expected) {

		List<String> play(StallRig rig, FindingDetector detector) throws Exception {
			rig.detector().clear();
			for (int i = 0; i < this.acts.size(); i++) {
				this.acts.get(i).on(rig.loops().get(i));
			}
			rig.awaitReports();
			return detector.find(true).findings().stream().map(Finding::id).collect(Collectors.toList());
		}

	}

	private interface Act {

		void on(MonitoredLoop loop) throws Exception;

	}

}

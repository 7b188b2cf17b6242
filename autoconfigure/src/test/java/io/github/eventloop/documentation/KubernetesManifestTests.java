package io.github.eventloop.documentation;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import io.github.eventloop.kubernetes.internal.AvailabilityFloor;
import io.github.eventloop.metrics.internal.EventLoopMetrics;
import io.github.eventloop.monitor.ManualMonitor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the files in {@code docs/kubernetes} are valid, agree with each other, and
 * only refer to paths, ports and metrics that exist.
 */
class KubernetesManifestTests {

	private static final String CONTAINER = "/spec/template/spec/containers/0";

	private static final Pattern METRIC = Pattern.compile("\\beventloop_\\w+");

	@ParameterizedTest
	@MethodSource("manifests")
	void manifestShouldFollowTheSchemaOfItsKind(Manifest manifest) throws IOException {
		assertThat(manifest.problems()).isEmpty();
	}

	/** Without a value, the field is removed. */
	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					Deployment              | /spec/template/spec/containers/0/readinessProbe/periodSecond           | 2
					Deployment              | /spec/template/spec/containers/0/livenessProbe/periodSeconds           | "10s"
					Deployment              | /spec/template/spec/containers/0/resources/requests/memory             | "1 GB"
					Deployment              | /spec/template/spec/containers/0/startupProbe/httpGet/port             |
					Service                 | /spec/port                                                             | 80
					Service                 | /spec/ports/0/port                                                     | "http"
					Service                 | /spec/ports/0/port                                                     |
					PodDisruptionBudget     | /spec/minimumAvailable                                                 | 1
					PodDisruptionBudget     | /spec/maxUnavailable                                                   | true
					PodDisruptionBudget     | /kind                                                                  |
					HorizontalPodAutoscaler | /spec/behavior/scaleDown/stabilisationWindowSeconds                    | 300
					HorizontalPodAutoscaler | /spec/metrics/0/pods/target/averageValue                               | 0.7
					HorizontalPodAutoscaler | /spec/maxReplicas                                                      |
					ScaledObject            | /spec/minReplicas                                                      | 3
					ScaledObject            | /spec/triggers/0/metadata/threshold                                    | 0.7
					ScaledObject            | /spec/scaleTargetRef/name                                              |
					PodMonitor              | /spec/podMetricsEndpoints/0/targetPath                                 | "/metrics"
					PodMonitor              | /spec/podMetricsEndpoints/0/interval                                   | "15 s"
					PodMonitor              | /spec/selector                                                         |
					ServiceAccount          | /automountToken                                                        | true
					ServiceAccount          | /metadata/name                                                         | 7
					Role                    | /rules/0/verbs                                                         | ["lists"]
					Role                    | /rules/0/apiGroups                                                     |
					Role                    | /rules/0/resourceName                                                  | ["a"]
					RoleBinding             | /roleRef/name                                                          |
					RoleBinding             | /subjects/0/kind                                                       | "Pod"
					""")
	void whenManifestIsBrokenShouldReportIt(String kind, String pointer, String value) throws IOException {
		JsonPointer field = JsonPointer.compile(pointer);
		Manifest manifest = Manifest.of(kind);
		assertThat(manifest.problems()).isEmpty();
		ObjectNode parent = (ObjectNode) manifest.content().at(field.head());
		if (value != null) {
			parent.set(field.last().getMatchingProperty(), JsonMapper.shared().readTree(value));
		}
		else {
			parent.remove(field.last().getMatchingProperty());
		}
		assertThat(manifest.problems()).singleElement().asString().contains(field.last().getMatchingProperty());
	}

	@Test
	void pageShouldLinkEveryFile() throws IOException {
		assertThat(Page.of("docs/kubernetes/README.md").links()).containsAll(Manifest.files());
	}

	@Test
	void metricsShouldBeThoseThatPrometheusScrapes() throws IOException {
		Set<String> named = new TreeSet<>();
		for (String file : Stream.concat(Manifest.files().stream(), Stream.of("README.md")).toList()) {
			METRIC.matcher(Files.readString(Manifest.DIRECTORY.resolve(file)))
				.results()
				.map(MatchResult::group)
				.forEach(named::add);
		}
		assertThat(named).contains("eventloop_utilization").isSubsetOf(scrapedMetrics());
	}

	@Test
	void autoscalersShouldTargetTheMetricOfTheLoops() throws IOException {
		assertThat(Manifest.of("HorizontalPodAutoscaler").at("/spec/metrics/0/pods/metric/name").asString())
			.isEqualTo("eventloop_utilization");
		assertThat(Manifest.of("ScaledObject").at("/spec/triggers/0/metadata/query").asString())
			.contains("eventloop_utilization{");
		assertThat(snippet("docs/kubernetes/README.md", "rules").at("/0/name/as").asString())
			.isEqualTo("eventloop_utilization");
	}

	@Test
	void furtherMetricOnPageShouldFollowTheSchema() throws IOException {
		Manifest autoscaler = Manifest.of("HorizontalPodAutoscaler");
		((ObjectNode) autoscaler.at("/spec")).set("metrics", snippet("docs/kubernetes/README.md", "metrics"));
		assertThat(autoscaler.problems()).isEmpty();
	}

	@Test
	void autoscalersShouldAgree() throws IOException {
		Manifest autoscaler = Manifest.of("HorizontalPodAutoscaler");
		Manifest scaledObject = Manifest.of("ScaledObject");
		assertThat(scaledObject.at("/spec/minReplicaCount")).isEqualTo(autoscaler.at("/spec/minReplicas"));
		assertThat(scaledObject.at("/spec/maxReplicaCount")).isEqualTo(autoscaler.at("/spec/maxReplicas"));
		assertThat(scaledObject.at("/spec/advanced/horizontalPodAutoscalerConfig/behavior"))
			.isEqualTo(autoscaler.at("/spec/behavior"));
		String target = autoscaler.at("/spec/metrics/0/pods/target/averageValue").asString();
		assertThat(new BigDecimal(scaledObject.at("/spec/triggers/0/metadata/threshold").asString()).movePointRight(3)
			.toBigInteger() + "m").isEqualTo(target);
		assertThat(Manifest.of("Deployment").at("/spec/replicas")).isEqualTo(autoscaler.at("/spec/minReplicas"));
	}

	@Test
	void allShouldSelectTheSamePods() throws IOException {
		JsonNode labels = Manifest.of("Deployment").at("/spec/template/metadata/labels");
		assertThat(labels.isEmpty()).isFalse();
		assertThat(Manifest.of("Deployment").at("/spec/selector/matchLabels")).isEqualTo(labels);
		assertThat(Manifest.of("Deployment")
			.at("/spec/template/spec/topologySpreadConstraints/0/labelSelector/matchLabels")).isEqualTo(labels);
		assertThat(Manifest.of("Service").at("/spec/selector")).isEqualTo(labels);
		assertThat(Manifest.of("PodDisruptionBudget").at("/spec/selector/matchLabels")).isEqualTo(labels);
		assertThat(Manifest.of("PodMonitor").at("/spec/selector/matchLabels")).isEqualTo(labels);
		JsonNode name = Manifest.of("Deployment").at("/metadata/name");
		assertThat(Manifest.of("HorizontalPodAutoscaler").at("/spec/scaleTargetRef/name")).isEqualTo(name);
		assertThat(Manifest.of("ScaledObject").at("/spec/scaleTargetRef/name")).isEqualTo(name);
	}

	@Test
	void portsShouldBeThoseOfTheContainer() throws IOException {
		Manifest deployment = Manifest.of("Deployment");
		JsonNode management = named(deployment.at(CONTAINER + "/ports"), "management");
		assertThat(named(deployment.at(CONTAINER + "/env"), "MANAGEMENT_SERVER_PORT").path("value").asString())
			.isEqualTo(management.path("containerPort").asString());
		assertThat(named(deployment.at(CONTAINER + "/ports"), "http").path("containerPort").asInt()).isEqualTo(8080);
		assertThat(Manifest.of("Service").at("/spec/ports/0/targetPort").asString()).isEqualTo("http");
		assertThat(Manifest.of("PodMonitor").at("/spec/podMetricsEndpoints/0/port").asString()).isEqualTo("management");
	}

	@ParameterizedTest
	@CsvSource({ "startupProbe, liveness", "readinessProbe, readiness", "livenessProbe, liveness" })
	void probeShouldRequestItsGroupOnTheManagementPort(String probe, String group) throws IOException {
		JsonNode request = Manifest.of("Deployment").at(CONTAINER + "/" + probe + "/httpGet");
		assertThat(request.path("port").asString()).isEqualTo("management");
		assertThat(request.path("path").asString()).isEqualTo("/actuator/health/" + group);
	}

	@Test
	void probesOnPageShouldHaveTheNumbersOfTheDeployment() throws IOException {
		Manifest deployment = Manifest.of("Deployment");
		for (String probe : List.of("readinessProbe", "livenessProbe")) {
			assertThat(withoutPort(snippet("docs/health.md", probe)))
				.isEqualTo(withoutPort(deployment.at(CONTAINER + "/" + probe)));
		}
	}

	@Test
	void roleShouldPermitTheRequestsOfTheGateAndNoOthers() throws IOException {
		Set<String> permitted = new TreeSet<>();
		Manifest.of("Role")
			.at("/rules")
			.valueStream()
			.forEach(
					(rule) -> rule.path("verbs")
						.valueStream()
						.forEach((verb) -> permitted.add(verb.asString() + " " + rule.at("/resources/0").asString()
								+ "." + rule.at("/apiGroups/0").asString() + " "
								+ rule.at("/resourceNames/0").asString("*"))));
		assertThat(permitted).containsExactlyInAnyOrder("list endpointslices.discovery.k8s.io *",
				"watch endpointslices.discovery.k8s.io *", "create leases.coordination.k8s.io *",
				"get leases.coordination.k8s.io eventloop-shop", "update leases.coordination.k8s.io eventloop-shop");
		assertThat("eventloop-" + Manifest.of("Service").at("/metadata/name").asString()).isEqualTo("eventloop-shop");
	}

	@Test
	void roleShouldBeBoundToTheServiceAccountOfTheDeployment() throws IOException {
		Manifest binding = Manifest.of("RoleBinding");
		String account = Manifest.of("ServiceAccount").at("/metadata/name").asString();
		assertThat(binding.at("/roleRef/name")).isEqualTo(Manifest.of("Role").at("/metadata/name"));
		assertThat(binding.at("/subjects/0/name").asString()).isEqualTo(account);
		assertThat(snippet("docs/kubernetes/README.md", "serviceAccountName").asString()).isEqualTo(account);
	}

	@Test
	void gateOnPageShouldFitTheDeployment() throws IOException {
		Manifest deployment = Manifest.of("Deployment");
		JsonNode container = snippet("docs/kubernetes/README.md", "serviceAccountName", "containers").get(0);
		assertThat(container.path("name")).isEqualTo(deployment.at(CONTAINER + "/name"));
		ObjectNode pod = (ObjectNode) deployment.at("/spec/template/spec");
		pod.set("serviceAccountName", snippet("docs/kubernetes/README.md", "serviceAccountName"));
		container.path("env").valueStream().forEach(((ArrayNode) deployment.at(CONTAINER + "/env"))::add);
		assertThat(deployment.problems()).isEmpty();
		assertThat(named(container.path("env"), "POD_NAME").at("/valueFrom/fieldRef/fieldPath").asString())
			.isEqualTo("metadata.name");
	}

	@Test
	void replicasOnPageShouldBeThoseOfTheFloor() {
		Page.of("docs/kubernetes/README.md").tables("replicas").forEach((table) -> {
			assertThat(table.rows()).hasSizeGreaterThan(3);
			table.rows().forEach((row) -> {
				int replicas = Integer.parseInt(row.get("replicas"));
				assertThat(row.keySet()).hasSizeGreaterThan(3);
				row.forEach((column, cell) -> {
					if (column.contains("%")) {
						int percent = Integer.parseInt(column.replaceAll("\\D", ""));
						assertThat(cell).as("%d replicas, %d %%", replicas, percent)
							.isEqualTo(String.valueOf(replicas - new AvailabilityFloor(percent).required(replicas)));
					}
				});
			});
		});
		assertThat(Page.of("docs/kubernetes/README.md").tables("replicas")).hasSize(1);
	}

	@Test
	void gracePeriodShouldSufficeToShutDown() throws IOException {
		Manifest deployment = Manifest.of("Deployment");
		Duration phase = new LifecycleProperties().getTimeoutPerShutdownPhase();
		assertThat(deployment.at("/spec/template/spec/terminationGracePeriodSeconds").asLong())
			.isGreaterThan(deployment.at(CONTAINER + "/lifecycle/preStop/sleep/seconds").asLong() + phase.toSeconds());
	}

	static Stream<Manifest> manifests() throws IOException {
		return Manifest.all();
	}

	/** Return the value of a key in the first block of YAML on a page that has it. */
	private static JsonNode snippet(String page, String key) {
		return snippet(page, key, key);
	}

	/**
	 * Return the value of a key in the first block of YAML on a page that has another.
	 */
	private static JsonNode snippet(String page, String other, String key) {
		return Page.of(page)
			.blocks("yaml")
			.stream()
			.flatMap(Manifest::parse)
			.filter((block) -> block.has(other))
			.findFirst()
			.orElseThrow()
			.get(key);
	}

	private static JsonNode named(JsonNode list, String name) {
		return list.valueStream()
			.filter((element) -> element.path("name").asString().equals(name))
			.findFirst()
			.orElseThrow();
	}

	private static ObjectNode withoutPort(JsonNode probe) {
		ObjectNode copy = (ObjectNode) probe.deepCopy();
		((ObjectNode) copy.get("httpGet")).remove("port");
		return copy;
	}

	private static Set<String> scrapedMetrics() {
		ManualMonitor time = new ManualMonitor();
		PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		try (EventLoopMetrics metrics = new EventLoopMetrics(time.monitor(), null)) {
			metrics.bindTo(registry);
			time.addLoop("reactor-http", "reactor-http-epoll-1").start();
			time.endSecond();
			return registry.scrape()
				.lines()
				.filter((line) -> !line.startsWith("#"))
				.map((line) -> line.split("[{ ]", 2)[0])
				.collect(Collectors.toSet());
		}
		finally {
			registry.close();
		}
	}

}

package io.github.eventloop.sample.exhibit;

import java.lang.annotation.Annotation;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.springframework.context.ApplicationContext;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Lists every exhibit: what to type, what is wrong, what to expect and what to do about
 * it.
 */
@RestController
class IndexController {

	private static final String INDEX = """
			A shop that holds up its own event loops. Trigger an exhibit, then look at the loops:

			  curl -s {shop}/actuator/eventloop

			It shows the last ten seconds. Half a minute after the start, readiness begins to count
			too: keep an offender going, and in another terminal watch the shop leave service.

			  for i in $(seq 60); do curl -s {shop}/offenders/sleep; done
			  curl -i {shop}/readyz

			OFFENDERS, each beside its cure

			%s
			INNOCENTS, which look slow or busy and hold up no loop

			%s
			""";

	private static final String OFFENDER = """
			%s
			  try     %s
			  wrong   %s
			  expect  %s
			  cure    %s
			          %s
			""";

	private static final String INNOCENT = """
			%s
			  try     %s
			  looks   %s
			  expect  %s
			""";

	private final ApplicationContext context;

	IndexController(ApplicationContext context) {
		this.context = context;
	}

	@GetMapping(path = "/", produces = "text/plain;charset=UTF-8")
	String index(ServerHttpRequest request) {
		return INDEX.formatted(list(Offender.class, this::describe), list(Innocent.class, this::describe))
			.replace("{shop}/", request.getURI().resolve("/").toString());
	}

	private <A extends Annotation> String list(Class<A> type, Function<A, String> description) {
		return Arrays.stream(this.context.getBeanNamesForAnnotation(type))
			.map((bean) -> this.context.findAnnotationOnBean(bean, type))
			.filter(Objects::nonNull)
			.map(description)
			.sorted()
			.collect(Collectors.joining("\n"));
	}

	private String describe(Offender offender) {
		String offend = offender.command().replace("{path}", "/offenders/" + offender.name());
		String cure = offender.command().replace("{path}", "/cures/" + offender.name());
		return OFFENDER.formatted(offender.name(), offend, lines(offender.wrong()), lines(offender.expect()), cure,
				lines(offender.cure()));
	}

	private String describe(Innocent innocent) {
		String look = Offender.CURL.replace("{path}", "/innocents/" + innocent.name());
		return INNOCENT.formatted(innocent.name(), look, lines(innocent.looks()), lines(innocent.expect()));
	}

	private static String lines(String text) {
		return text.strip().replace("\n", "\n          ");
	}

}

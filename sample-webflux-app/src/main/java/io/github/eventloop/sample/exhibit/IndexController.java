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
 * Lists all exhibits: the command to run, what is wrong, what to expect and how to fix
 * it.
 */
@RestController
class IndexController {

	private static final String INDEX = """
			A shop that blocks its own event loops. Request an exhibit, then check the loops:

			  curl -s {shop}/actuator/eventloop

			The response covers the last ten seconds. Half a minute after the start, readiness is
			affected as well: repeat an offender, and check in another terminal that the shop
			leaves service.

			  for i in $(seq 60); do curl -s {shop}/offenders/sleep; done
			  curl -i {shop}/readyz

			OFFENDERS, each with its cure

			%s
			INNOCENTS, which look slow or busy but do not block a loop

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
		String offenderCommand = offender.command().replace("{path}", "/offenders/" + offender.name());
		String cureCommand = offender.command().replace("{path}", "/cures/" + offender.name());
		return OFFENDER.formatted(offender.name(), offenderCommand, lines(offender.wrong()), lines(offender.expect()),
				cureCommand, lines(offender.cure()));
	}

	private String describe(Innocent innocent) {
		String command = Offender.CURL.replace("{path}", "/innocents/" + innocent.name());
		return INNOCENT.formatted(innocent.name(), command, lines(innocent.looks()), lines(innocent.expect()));
	}

	private static String lines(String text) {
		return text.strip().replace("\n", "\n          ");
	}

}

package io.github.eventloop.autoconfigure;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Condition for {@link ConditionalOnEventLoopEnabled @ConditionalOnEventLoopEnabled}.
 */
@Order(Ordered.HIGHEST_PRECEDENCE + 40) // Same as Boot's OnPropertyCondition.
class OnEventLoopEnabledCondition extends SpringBootCondition {

	private static final String MASTER_SWITCH = "eventloop.enabled";

	private static final Bindable<Boolean> BOOLEAN = Bindable.of(boolean.class);

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		MergedAnnotation<ConditionalOnEventLoopEnabled> annotation = metadata.getAnnotations()
			.get(ConditionalOnEventLoopEnabled.class);
		if (!isEnabled(context.getEnvironment())) {
			return ConditionOutcome.noMatch(message().because(MASTER_SWITCH + " is not true"));
		}
		for (String name : annotation.getStringArray("value")) {
			if (!isTrue(context.getEnvironment(), name, annotation.getBoolean("matchIfMissing"))) {
				return ConditionOutcome.noMatch(message().because(name + " is not true"));
			}
		}
		return ConditionOutcome.match(message()
			.because(Stream.concat(Stream.of(MASTER_SWITCH), Arrays.stream(annotation.getStringArray("value")))
				.collect(Collectors.joining(" and ", "", " is true"))));
	}

	private static ConditionMessage.Builder message() {
		return ConditionMessage.forCondition(ConditionalOnEventLoopEnabled.class);
	}

	static boolean isEnabled(Environment environment) {
		return isTrue(environment, MASTER_SWITCH, true);
	}

	static boolean isTrue(Environment environment, String name, boolean matchIfMissing) {
		return Boolean.TRUE.equals(Binder.get(environment).bind(name, BOOLEAN).orElse(matchIfMissing));
	}

}

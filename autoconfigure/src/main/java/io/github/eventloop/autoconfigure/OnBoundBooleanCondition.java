package io.github.eventloop.autoconfigure;

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
 * Condition for {@link ConditionalOnBoundBoolean @ConditionalOnBoundBoolean}.
 */
@Order(Ordered.HIGHEST_PRECEDENCE + 40) // Same as Boot's OnPropertyCondition.
class OnBoundBooleanCondition extends SpringBootCondition {

	private static final Bindable<Boolean> BOOLEAN = Bindable.of(boolean.class);

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		MergedAnnotation<ConditionalOnBoundBoolean> annotation = metadata.getAnnotations()
			.get(ConditionalOnBoundBoolean.class);
		boolean matchIfMissing = annotation.getBoolean("matchIfMissing");
		for (String name : annotation.getStringArray("value")) {
			if (!isTrue(context.getEnvironment(), name, matchIfMissing)) {
				return ConditionOutcome.noMatch(message().because(name + " is not true"));
			}
		}
		return ConditionOutcome
			.match(message().because(String.join(" and ", annotation.getStringArray("value")) + " is true"));
	}

	private static ConditionMessage.Builder message() {
		return ConditionMessage.forCondition(ConditionalOnBoundBoolean.class);
	}

	static boolean isTrue(Environment environment, String name, boolean matchIfMissing) {
		return Boolean.TRUE.equals(Binder.get(environment).bind(name, BOOLEAN).orElse(matchIfMissing));
	}

}

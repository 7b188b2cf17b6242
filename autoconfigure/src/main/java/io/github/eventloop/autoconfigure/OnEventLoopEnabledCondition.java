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
		Environment environment = context.getEnvironment();
		if (!isEnabled(environment)) {
			return ConditionOutcome.noMatch(message().because(MASTER_SWITCH + " is not true"));
		}
		String[] names = annotation.getStringArray("value");
		for (String name : names) {
			if (!isTrue(environment, name, annotation.getBoolean("matchIfMissing"))) {
				return ConditionOutcome.noMatch(message().because(name + " is not true"));
			}
		}
		String all = (names.length > 0) ? MASTER_SWITCH + " and " + String.join(" and ", names) : MASTER_SWITCH;
		return ConditionOutcome.match(message().because(all + " is true"));
	}

	private static ConditionMessage.Builder message() {
		return ConditionMessage.forCondition(ConditionalOnEventLoopEnabled.class);
	}

	static boolean isEnabled(Environment environment) {
		return isTrue(environment, MASTER_SWITCH, true);
	}

	static boolean isTrue(Environment environment, String name, boolean matchIfMissing) {
		// Most of these properties are not set, and a binder is expensive to create.
		return !environment.containsProperty(name) ? matchIfMissing : bind(environment, name, matchIfMissing);
	}

	private static boolean bind(Environment environment, String name, boolean matchIfMissing) {
		return Boolean.TRUE.equals(Binder.get(environment).bind(name, BOOLEAN).orElse(matchIfMissing));
	}

}

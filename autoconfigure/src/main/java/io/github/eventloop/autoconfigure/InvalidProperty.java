package io.github.eventloop.autoconfigure;

import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

import io.github.eventloop.monitor.InvalidSettingException;

/**
 * Says of an invalid setting which property of the user it comes from, in the way that
 * Spring Boot knows to report.
 */
final class InvalidProperty {

	private InvalidProperty() {
	}

	static InvalidConfigurationPropertyValueException of(String prefix, InvalidSettingException ex) {
		return new InvalidConfigurationPropertyValueException(
				prefix + "." + DataObjectPropertyName.toDashedForm(ex.getSetting()), ex.getValue(), ex.getRule());
	}

}

package io.github.eventloop.autoconfigure;

import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

import io.github.eventloop.monitor.InvalidSettingException;

/**
 * Converts an {@link InvalidSettingException} to the exception that Spring Boot reports
 * for an invalid value of a property, with the name of the user's property.
 */
final class InvalidProperty {

	private InvalidProperty() {
	}

	static InvalidConfigurationPropertyValueException of(String prefix, InvalidSettingException ex) {
		return new InvalidConfigurationPropertyValueException(
				prefix + "." + DataObjectPropertyName.toDashedForm(ex.getSetting()), ex.getValue(), ex.getRule());
	}

}

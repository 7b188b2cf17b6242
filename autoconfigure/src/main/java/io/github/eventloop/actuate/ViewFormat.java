package io.github.eventloop.actuate;

import org.springframework.boot.actuate.endpoint.ApiVersion;
import org.springframework.boot.actuate.endpoint.Producible;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;

/**
 * What a view can be written in. A later one wins where a reader takes several: text is
 * for those who ask for it and would not take JSON.
 *
 * @since 0.1.0
 */
public enum ViewFormat implements Producible<ViewFormat> {

	/**
	 * Collapsed stacks, a line each.
	 */
	COLLAPSED_STACKS("text/plain;charset=UTF-8"),

	/**
	 * JSON by its plain name.
	 */
	JSON(MimeTypeUtils.APPLICATION_JSON_VALUE),

	/**
	 * JSON as an older Actuator called it.
	 */
	ACTUATOR_V2(ApiVersion.V2.getProducedMimeType().toString()),

	/**
	 * JSON as Actuator calls it.
	 */
	ACTUATOR_V3(ApiVersion.V3.getProducedMimeType().toString());

	private final String mimeType;

	ViewFormat(String mimeType) {
		this.mimeType = mimeType;
	}

	@Override
	public MimeType getProducedMimeType() {
		return MimeTypeUtils.parseMimeType(this.mimeType);
	}

	@Override
	public boolean isDefault() {
		return this == ACTUATOR_V3;
	}

}

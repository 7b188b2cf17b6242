package io.github.eventloop.actuate.internal;

import org.springframework.boot.actuate.endpoint.ApiVersion;
import org.springframework.boot.actuate.endpoint.Producible;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;

/**
 * Media types of a view. If a reader accepts several, the last of them is used: text is
 * for readers that accept it but not JSON.
 */
public enum ViewFormat implements Producible<ViewFormat> {

	/**
	 * A flight recording. It has no other format, and is returned for any of them.
	 */
	FLIGHT_RECORDING(MimeTypeUtils.APPLICATION_OCTET_STREAM_VALUE),

	/**
	 * Findings as Markdown.
	 */
	MARKDOWN("text/markdown;charset=UTF-8"),

	/**
	 * Collapsed stacks as text, one per line.
	 */
	COLLAPSED_STACKS("text/plain;charset=UTF-8"),

	/**
	 * JSON with the standard media type.
	 */
	JSON(MimeTypeUtils.APPLICATION_JSON_VALUE),

	/**
	 * JSON with the media type of version 2 of the Actuator API.
	 */
	ACTUATOR_V2(ApiVersion.V2.getProducedMimeType().toString()),

	/**
	 * JSON with the media type of version 3 of the Actuator API.
	 */
	ACTUATOR_V3(ApiVersion.V3.getProducedMimeType().toString());

	private final String mimeType;

	ViewFormat(String mimeType) {
		this.mimeType = mimeType;
	}

	/** Return whether the format is JSON, in which all views are available. */
	boolean isJson() {
		return this == JSON || this == ACTUATOR_V2 || this == ACTUATOR_V3;
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

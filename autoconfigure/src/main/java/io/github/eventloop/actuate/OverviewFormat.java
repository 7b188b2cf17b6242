package io.github.eventloop.actuate;

import org.springframework.boot.actuate.endpoint.ApiVersion;
import org.springframework.boot.actuate.endpoint.Producible;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;

/**
 * What the overview of all loops can be written in. A later one wins where a reader takes
 * several: browsers take the page first, and anything else after it.
 *
 * @since 0.1.0
 */
public enum OverviewFormat implements Producible<OverviewFormat> {

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
	ACTUATOR_V3(ApiVersion.V3.getProducedMimeType().toString()),

	/**
	 * The page for a browser.
	 */
	PAGE("text/html;charset=UTF-8");

	private final String mimeType;

	OverviewFormat(String mimeType) {
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

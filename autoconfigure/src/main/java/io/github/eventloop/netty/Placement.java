package io.github.eventloop.netty;

import io.netty.util.concurrent.DefaultEventExecutorChooserFactory;
import io.netty.util.concurrent.EventExecutorChooserFactory;

/**
 * Which loop a new connection is given to.
 *
 * @since 0.1.0
 */
public enum Placement {

	/** One after the other, as Netty does. */
	ROUND_ROBIN {

		@Override
		EventExecutorChooserFactory chooserFactory() {
			return DefaultEventExecutorChooserFactory.INSTANCE;
		}

	},

	/**
	 * One after the other, but none that lags more than others do: it is in a long
	 * iteration now, or its events waited lately.
	 */
	LEAST_LAG {

		@Override
		EventExecutorChooserFactory chooserFactory() {
			return LeastLagChooser::new;
		}

	};

	abstract EventExecutorChooserFactory chooserFactory();

}

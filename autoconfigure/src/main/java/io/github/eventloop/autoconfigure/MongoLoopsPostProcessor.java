package io.github.eventloop.autoconfigure;

import com.mongodb.MongoClientSettings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;

import io.github.eventloop.drivers.MongoLoops;

/**
 * {@link BeanPostProcessor} that makes MongoDB's driver use monitored loops. Changes the
 * bean with the settings, because Spring Boot creates loops unless these settings specify
 * a transport, and before it calls any customizer.
 */
class MongoLoopsPostProcessor implements BeanPostProcessor {

	/**
	 * Resolved lazily: post-processors are created before the beans that they process.
	 * The loops are shut down after the clients, which are created later.
	 */
	private final ObjectProvider<MongoLoops> loops;

	MongoLoopsPostProcessor(ObjectProvider<MongoLoops> loops) {
		this.loops = loops;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		return (bean instanceof MongoClientSettings settings) ? DriverGuard.replace("MongoDB",
				"eventloop.drivers.mongo.enabled", settings, (original) -> this.loops.getObject().configure(original))
				: bean;
	}

}

package io.github.eventloop.autoconfigure;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.mongodb.MongoClientSettings;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;

import io.github.eventloop.drivers.DriverLoops;
import io.github.eventloop.drivers.MongoLoops;

/**
 * {@link BeanPostProcessor} that makes MongoDB's driver use monitored loops. Changes the
 * bean with the settings, because Spring Boot creates loops unless these settings specify
 * a transport, and before it calls any customizer.
 */
class MongoLoopsPostProcessor implements BeanPostProcessor, DisposableBean {

	/**
	 * Resolved lazily: post-processors are created before the beans that they process.
	 */
	private final ObjectProvider<DriverLoops> loops;

	/** Copied on write, because beans may be created by any thread. */
	private final List<MongoLoops> created = new CopyOnWriteArrayList<>();

	MongoLoopsPostProcessor(ObjectProvider<DriverLoops> loops) {
		this.loops = loops;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		return (bean instanceof MongoClientSettings settings) ? configure(settings) : bean;
	}

	private MongoClientSettings configure(MongoClientSettings settings) {
		MongoLoops mongo = new MongoLoops(this.loops.getObject());
		this.created.add(mongo);
		MongoClientSettings[] result = { settings };
		DriverGuard.run("MongoDB", "eventloop.drivers.mongo.enabled", () -> result[0] = mongo.configure(settings));
		return result[0];
	}

	/** Called after the clients are closed: post-processors are destroyed last. */
	@Override
	public void destroy() {
		this.created.forEach(MongoLoops::close);
	}

}

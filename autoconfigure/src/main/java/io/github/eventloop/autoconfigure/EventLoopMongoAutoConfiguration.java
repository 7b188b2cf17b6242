package io.github.eventloop.autoconfigure;

import com.mongodb.reactivestreams.client.MongoClient;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

import io.github.eventloop.drivers.DriverLoops;
import io.github.eventloop.drivers.MongoLoops;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for monitoring the event loops of
 * MongoDB's reactive driver.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = EventLoopDriversAutoConfiguration.class)
@ConditionalOnClass(MongoClient.class)
@ConditionalOnEventLoopEnabled(value = "eventloop.drivers.mongo.enabled", matchIfMissing = true)
@ConditionalOnBean(DriverLoops.class)
public final class EventLoopMongoAutoConfiguration {

	@Bean(destroyMethod = "close")
	MongoLoops eventLoopMongoLoops(DriverLoops loops) {
		return new MongoLoops(loops);
	}

	@Bean
	static MongoLoopsPostProcessor eventLoopMongoLoopsPostProcessor(ObjectProvider<MongoLoops> loops) {
		return new MongoLoopsPostProcessor(loops);
	}

}

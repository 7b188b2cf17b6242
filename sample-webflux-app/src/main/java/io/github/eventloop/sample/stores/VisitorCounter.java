package io.github.eventloop.sample.stores;

import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Counts visitors in Redis.
 */
@Component
public class VisitorCounter {

	private final RedisStore store;

	private final ReactiveStringRedisTemplate redis;

	VisitorCounter(RedisStore store, ReactiveStringRedisTemplate redis) {
		this.store = store;
		this.redis = redis;
	}

	/**
	 * Count a visitor.
	 * @return the number of visitors, which is emitted on an event loop of Lettuce
	 */
	public Mono<Long> count() {
		return this.store.started().then(this.redis.opsForValue().increment("visitors"));
	}

}

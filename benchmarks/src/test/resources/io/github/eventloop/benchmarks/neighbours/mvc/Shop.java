package com.example.shop;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * A Spring MVC application of a new user, which calls another server and Redis.
 */
@RestController
@SpringBootApplication
public class Shop {

	private final WebClient prices;

	private final ReactiveStringRedisTemplate stock;

	Shop(WebClient.Builder builder, ReactiveStringRedisTemplate stock, @Value("${prices}") String prices) {
		this.prices = builder.baseUrl(prices).build();
		this.stock = stock;
	}

	public static void main(String[] arguments) {
		SpringApplication.run(Shop.class, arguments);
	}

	@GetMapping("/price/{millis}")
	String price(@PathVariable long millis) {
		return this.prices.get().uri("/").retrieve().bodyToMono(String.class).map((price) -> slow(price, millis)).block();
	}

	@GetMapping("/stock/{millis}")
	String stock(@PathVariable long millis) {
		return this.stock.opsForValue()
			.increment("tea")
			.map((count) -> slow(count + " left", millis))
			.block();
	}

	private static String slow(String value, long millis) {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
		return value;
	}

}

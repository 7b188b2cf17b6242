package io.github.eventloop.sample.catalog;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

import org.springframework.stereotype.Component;

/**
 * Products of the shop, in memory and unsorted. Immutable, thread-safe and the same at
 * every start.
 */
@Component
public class Catalog {

	/**
	 * Number of products.
	 */
	public static final int SIZE = 100_000;

	private static final String[] STYLES = { "Antique", "Élégant", "Crème", "Brûlé", "Naïve", "Rustic", "Über", "plain",
			"Zesty", "éclair" };

	private static final String[] THINGS = { "chair", "fauteuil", "table", "étagère", "lamp", "rideau", "mirror",
			"château", "vase", "façade" };

	private final List<Product> products;

	public Catalog() {
		Random random = new Random(42);
		this.products = IntStream.rangeClosed(1, SIZE).mapToObj((id) -> product(id, random)).toList();
	}

	private static Product product(int id, Random random) {
		String thing = THINGS[random.nextInt(THINGS.length)];
		String name = STYLES[random.nextInt(STYLES.length)] + " " + thing + " " + random.nextInt(SIZE);
		return new Product(id, name, "Made to order", BigDecimal.valueOf(random.nextInt(100, 100_000), 2));
	}

	/**
	 * Return all products.
	 * @return the products, in the order of their numbers
	 */
	public List<Product> products() {
		return this.products;
	}

	/**
	 * Return the first products.
	 * @param count the number of products, from 0 to {@link #SIZE}
	 * @return the products 1 to count
	 */
	public List<Product> first(int count) {
		return this.products.subList(0, count);
	}

	/**
	 * Return the product with a number.
	 * @param id the number of the product
	 * @return the product, or empty if there is none with this number
	 */
	public Optional<Product> find(long id) {
		return (id >= 1 && id <= SIZE) ? Optional.of(this.products.get((int) id - 1)) : Optional.empty();
	}

}
